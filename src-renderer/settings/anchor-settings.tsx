/** Anchors: where they go, one now, and whether the log still fits one that was kept elsewhere. */
import { useId, useState } from 'react';
import type { AnchorView } from '../../src-preload/contract.ts';
import { useVerification, VerificationReport } from '../history/verification.tsx';
import { formatMoment } from '../i18n/format.ts';
import { logWords } from '../i18n/log-words.ts';
import { useServices } from '../services.ts';
import { useSaving } from '../ui/saving.ts';
import { Section } from '../ui/section.tsx';
import { LogRun } from './log-run.tsx';
import { OptionalTextSetting } from './setting-fields.tsx';
import { useRead } from './use-read.ts';

const { anchors: told } = logWords;

/** More of them tell nothing new. */
const SHOWN = 5;

export function AnchorSettings({ folder }: { folder: string | null }) {
  const { bridge } = useServices();
  const writing = useSaving();
  const { found: anchors, fault, read } = useRead('anchors.list', folder);
  const [written, setWritten] = useState<AnchorView | null>(null);

  const write = async () => {
    const done = await writing.save(async () => setWritten((await bridge.invoke('anchors.write', {}))[0] ?? null));
    if (done) read();
  };
  return (
    <Section title={told.title} about={told.about}>
      <OptionalTextSetting
        label={told.folder}
        hint={told.folderHint}
        value={folder}
        patch={(anchorFolder) => ({ log: { anchorFolder } })}
      />
      <LogRun
        name={told.write}
        busy={writing.state === 'saving'}
        news={written && told.written(written.seq)}
        fault={writing.fault ?? fault}
        onRun={() => void write()}
      >
        {anchors?.length === 0 && <p className="log-note">{told.none}</p>}
        {anchors && anchors.length > 0 && (
          <ul className="log-list" aria-label={told.list}>
            {anchors.slice(0, SHOWN).map((anchor) => (
              <li key={anchor.path} className="log-row">
                <span>
                  {formatMoment(anchor.at)}
                  <span className="log-fact">
                    {' '}
                    · {told.entry(anchor.seq)}, {anchor.elsewhere ? told.elsewhere : told.here}
                  </span>
                  <span className="log-path evidence">{anchor.path}</span>
                </span>
              </li>
            ))}
          </ul>
        )}
        <VerifyAgainst />
      </LogRun>
    </Section>
  );
}

function VerifyAgainst() {
  const { check, start, dismiss } = useVerification(null);
  const [unreadable, setUnreadable] = useState(false);
  const id = useId();
  const verify = async (file: File | undefined) => {
    if (!file) return;
    try {
      const anchor = await file.text();
      setUnreadable(false);
      start(anchor);
    } catch {
      setUnreadable(true);
    }
  };
  return (
    <div className="log-verify">
      <label className="log-verify-name" htmlFor={id}>
        {told.verify}
      </label>
      <input
        id={id}
        className="log-file"
        type="file"
        accept=".json,application/json"
        aria-describedby={`${id}-hint`}
        disabled={check.state === 'running'}
        onChange={({ target }) => {
          void verify(target.files?.[0]);
          // The same file can be chosen again.
          target.value = '';
        }}
      />
      <p className="log-note" id={`${id}-hint`}>
        {told.verifyHint}
      </p>
      {unreadable && (
        <p className="log-note log-error" role="status">
          {told.invalid}
        </p>
      )}
      <VerificationReport check={check} onDismiss={dismiss} />
    </div>
  );
}
