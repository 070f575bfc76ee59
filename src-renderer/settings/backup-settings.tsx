/** Copies of the whole log: where, how often, one now, and the way back from one. */
import { useState } from 'react';
import type { BackupView, CommandOutput } from '../../src-preload/contract.ts';
import { formatMoment } from '../i18n/format.ts';
import { historyWords } from '../i18n/history-words.ts';
import { logWords } from '../i18n/log-words.ts';
import { useServices } from '../services.ts';
import { DialogForm } from '../ui/dialog-form.tsx';
import { DraftField } from '../ui/draft-field.tsx';
import { useSaving } from '../ui/saving.ts';
import { Section } from '../ui/section.tsx';
import { LogRun } from './log-run.tsx';
import { NumberSetting, OptionalTextSetting } from './setting-fields.tsx';
import { useRead } from './use-read.ts';

const { backups: told } = logWords;

interface BackupSettingsProps {
  readonly folder: string | null;
  readonly everyDays: number;
}

export function BackupSettings({ folder, everyDays }: BackupSettingsProps) {
  return (
    <Section title={told.title} about={told.about}>
      <OptionalTextSetting
        label={told.folder}
        hint={told.folderHint}
        value={folder}
        patch={(backupFolder) => ({ log: { backupFolder } })}
      />
      <NumberSetting
        label={told.every}
        unit={told.days}
        step={1}
        value={everyDays}
        patch={(days) => ({ log: { backupEveryDays: days ?? everyDays } })}
      />
      {folder !== null && <Backups key={folder} />}
    </Section>
  );
}

function Backups() {
  const { bridge } = useServices();
  const making = useSaving();
  const { found: backups, fault, read } = useRead('backups.list');
  const [made, setMade] = useState<BackupView | null>(null);
  const [restoring, setRestoring] = useState<BackupView | null>(null);

  const make = async () => {
    setMade(null);
    if (await making.save(async () => setMade(await bridge.invoke('backups.make', {})))) read();
  };
  const busy = making.state === 'saving';
  return (
    <LogRun
      name={busy ? told.making : told.make}
      busy={busy}
      news={made && told.made(made.entries)}
      fault={making.fault ?? fault}
      onRun={() => void make()}
    >
      {!backups && !fault && <p className="log-note">{told.reading}</p>}
      {backups?.length === 0 && <p className="log-note">{told.none}</p>}
      {backups && backups.length > 0 && (
        <ul className="log-list" aria-label={told.list}>
          {backups.map((backup) => (
            <li key={backup.folder} className="log-row">
              <span>
                {formatMoment(backup.at)}
                <span className="log-fact"> · {told.entries(backup.entries)}</span>
                <span className="log-path evidence">{backup.folder}</span>
              </span>
              <button type="button" className="button" onClick={() => setRestoring(backup)}>
                {told.restore}
                <span className="visually-hidden"> {formatMoment(backup.at)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {restoring && <RestoreDialog backup={restoring} onClose={() => setRestoring(null)} />}
    </LogRun>
  );
}

function RestoreDialog({ backup, onClose }: { backup: BackupView; onClose: () => void }) {
  const { bridge } = useServices();
  const saving = useSaving();
  const [home, setHome] = useState('');
  const [restored, setRestored] = useState<CommandOutput<'backups.restore'> | null>(null);
  const submit = () => {
    const path = home.trim();
    if (path === '') {
      saving.refuse({ stage: null, code: 'folder-missing', message: told.homeMissing, hint: '' });
      return;
    }
    void saving.save(async () => {
      setRestored(await bridge.invoke('backups.restore', { backup: backup.folder, home: path }));
    });
  };
  const busy = saving.state === 'saving';
  const about = (
    <>
      {formatMoment(backup.at)}, {told.entries(backup.entries)}. {told.restoreAbout}{' '}
      <span className="evidence">--home</span>
    </>
  );
  return (
    <DialogForm
      title={told.restoreTitle}
      about={about}
      submit={told.start}
      busy={busy}
      cancel={told.cancel}
      onSubmit={submit}
      onClose={onClose}
    >
      <DraftField label={told.home} hint={told.homeHint} value={home} onChange={setHome} saving={saving} />
      <div className="dialog-news" role="status">
        {busy && told.restoring}
        {restored && !busy && <Restored {...restored} />}
      </div>
    </DialogForm>
  );
}

function Restored({ entries, folder, problems }: CommandOutput<'backups.restore'>) {
  return (
    <>
      <p>{problems.length === 0 ? told.restored(entries) : told.differs(problems.length)}</p>
      {problems.map((problem) => (
        <p key={`${problem.kind} ${problem.seq} ${problem.detail}`}>
          {historyWords.verify.problems[problem.kind]} <span className="evidence">{problem.detail}</span>
        </p>
      ))}
      <p className="evidence">{folder}</p>
    </>
  );
}
