/** Erasing a turn or conversations: what goes, that it goes for good, and why, which stays on record. */
import { type FormEvent, useRef, useState } from 'react';
import type { ErasureReport, RedactionPart } from '../../src-preload/contract.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { Dialog } from '../ui/dialog.tsx';
import { DraftField } from '../ui/draft-field.tsx';
import { Field } from '../ui/field.tsx';
import { useSaving } from '../ui/saving.ts';
import { Select } from '../ui/select.tsx';

const { erase } = words.history;

const PARTS = Object.keys(erase.parts) as RedactionPart[];

export type Erasable = { readonly turnId: string } | { readonly sessionIds: readonly string[] };

interface EraseDialogProps {
  readonly what: Erasable;
  readonly onErased: (report: ErasureReport) => void;
  readonly onClose: () => void;
}

export function EraseDialog({ what, onErased, onClose }: EraseDialogProps) {
  const { bridge } = useServices();
  const saving = useSaving();
  const choosing = useSaving();
  const [part, setPart] = useState<RedactionPart>('all');
  const [reason, setReason] = useState('');
  const gone = useRef(new Set<string>());
  const [count, setCount] = useState(0);
  const ofTurn = 'turnId' in what;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const why = reason.trim();
    if (why === '') {
      saving.refuse({ stage: null, code: 'reason-missing', message: erase.reasonMissing, hint: '' });
      return;
    }
    void saving.save(async () => {
      onErased(
        ofTurn
          ? await bridge.invoke('turns.redact', { turnId: what.turnId, part, reason: why })
          : await deleteSessions(what.sessionIds, why),
      );
    });
  };

  /** One after the other: what was deleted before a failure stays so, and asking again goes on with the rest. */
  const deleteSessions = async (sessionIds: readonly string[], why: string): Promise<ErasureReport> => {
    let sum: ErasureReport = { seq: null, contents: 0, files: 0, swept: true };
    for (const sessionId of sessionIds) {
      if (gone.current.has(sessionId)) continue;
      const { contents, files, seq, swept } = await bridge.invoke('sessions.delete', { sessionId, reason: why });
      gone.current.add(sessionId);
      setCount(gone.current.size);
      sum = { seq, contents: sum.contents + contents, files: sum.files + files, swept };
    }
    return sum;
  };

  return (
    <Dialog title={ofTurn ? erase.redactTitle : erase.removeTitle(what.sessionIds.length)} onClose={onClose}>
      <p className="dialog-about">{ofTurn ? erase.redactAbout : erase.removeAbout}</p>
      <form onSubmit={submit} noValidate>
        {ofTurn && (
          <Field label={erase.part} saving={choosing}>
            {(control) => <Select {...control} values={PARTS} names={erase.parts} value={part} onChoose={setPart} />}
          </Field>
        )}
        <DraftField
          label={erase.reason}
          hint={erase.reasonHint}
          maxLength={1_000}
          value={reason}
          onChange={setReason}
          saving={saving}
        />
        <p className="dialog-progress" role="status">
          {saving.state === 'saving' &&
            !ofTurn &&
            what.sessionIds.length > 1 &&
            erase.going(count, what.sessionIds.length)}
        </p>
        <p className="dialog-actions">
          <button type="submit" className="button" disabled={saving.state === 'saving'}>
            {ofTurn ? erase.redact : erase.remove}
          </button>
          <button type="button" className="button button-quiet" onClick={onClose}>
            {erase.cancel}
          </button>
        </p>
      </form>
    </Dialog>
  );
}

/** What came of it, in a sentence or two. */
export function erasureNews({ contents, files, swept }: ErasureReport): string {
  const done = contents + files === 0 ? erase.nothing : erase.done(contents + files);
  return swept ? done : `${done} ${erase.notSwept}`;
}
