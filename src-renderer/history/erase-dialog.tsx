/** Erasing a turn or conversations: what goes, that it goes for good, and why, which stays on record. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ErasureReport, RedactionPart } from '../../src-preload/contract.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import { DialogForm } from '../ui/dialog-form.tsx';
import { DraftChoice } from '../ui/draft-choice.tsx';
import { DraftField } from '../ui/draft-field.tsx';
import { useSaving } from '../ui/saving.ts';

const { erase } = words.history;

const PARTS = Object.keys(erase.parts) as RedactionPart[];

export type Erasable = { readonly turnId: string } | { readonly sessionIds: readonly string[] };

interface EraseDialogProps {
  readonly what: Erasable;
  readonly onErased: (report: ErasureReport) => void;
  /** Not all of them went: it failed, or was stopped. */
  readonly onPartly?: (sessionIds: readonly string[]) => void;
  readonly onClose: () => void;
}

export function EraseDialog({ what, onErased, onPartly, onClose }: EraseDialogProps) {
  const { bridge } = useServices();
  const saving = useSaving();
  const [part, setPart] = useState<RedactionPart>('all');
  const [reason, setReason] = useState('');
  /** Of this deletion, and of those before it that were not finished. */
  const [count, setCount] = useState(0);
  const [gone, setGone] = useState(0);
  const running = useRef<string | null>(null);
  const ofTurn = 'turnId' in what;
  const left = ofTurn ? [] : what.sessionIds.slice(gone);

  const stop = useCallback(() => {
    if (running.current) void bridge.invoke('sessions.stopDeleting', { deletionId: running.current }).catch(() => {});
  }, [bridge]);
  useEffect(() => stop, [stop]);

  const submit = () => {
    const why = reason.trim();
    if (why === '') {
      saving.refuse({ stage: null, code: 'reason-missing', message: erase.reasonMissing, hint: '' });
      return;
    }
    void saving.save(async () => {
      onErased(
        ofTurn
          ? await bridge.invoke('turns.redact', { turnId: what.turnId, part, reason: why })
          : await deleteSessions(left, why),
      );
    });
  };

  /** Those that went before a failure or a stop are gone; asking again goes on with the rest. */
  const deleteSessions = async (sessionIds: readonly string[], why: string): Promise<ErasureReport> => {
    const deletionId = crypto.randomUUID();
    let done = 0;
    const stopListening = bridge.on('sessions.deleting', (news) => {
      if (news.deletionId !== deletionId) return;
      done = news.done;
      setCount(done);
    });
    running.current = deletionId;
    setCount(0);
    try {
      return await bridge.invoke('sessions.delete', { deletionId, sessionIds: [...sessionIds], reason: why });
    } catch (thrown) {
      setGone((before) => before + done);
      if (done > 0) onPartly?.(sessionIds.slice(0, done));
      throw thrown;
    } finally {
      running.current = null;
      stopListening();
    }
  };

  const busy = saving.state === 'saving';
  const goingOn = busy && left.length > 1;
  return (
    <DialogForm
      title={ofTurn ? erase.redactTitle : erase.removeTitle(left.length)}
      about={ofTurn ? erase.redactAbout : erase.removeAbout}
      submit={ofTurn ? erase.redact : erase.remove}
      busy={busy}
      cancel={goingOn ? erase.stop : erase.cancel}
      onSubmit={submit}
      onCancel={goingOn ? stop : onClose}
      onClose={onClose}
    >
      {ofTurn && <DraftChoice label={erase.part} values={PARTS} names={erase.parts} value={part} onChoose={setPart} />}
      <DraftField
        label={erase.reason}
        hint={erase.reasonHint}
        maxLength={1_000}
        value={reason}
        onChange={setReason}
        saving={saving}
      />
      <p className="dialog-progress" role="status">
        {goingOn && erase.going(count, left.length)}
      </p>
    </DialogForm>
  );
}

/** What came of it, in a sentence or two. */
export function erasureNews({ contents, files, swept }: ErasureReport): string {
  const done = contents + files === 0 ? erase.nothing : erase.done(contents + files);
  return swept ? done : `${done} ${erase.notSwept}`;
}
