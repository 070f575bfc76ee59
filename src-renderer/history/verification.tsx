/** Proof that nothing was changed: recomputed on demand, for the whole log or one conversation, each difference named. */
import './verification.css';
import { useEffect, useState } from 'react';
import type { Verification } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { sentence } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';

const { verify } = words.history;

export type Check =
  | { readonly state: 'none' }
  | { readonly state: 'running'; readonly progress: string }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'done'; readonly found: Verification };

export interface VerificationState {
  readonly check: Check;
  /** @param anchor the content of an anchor's file, to compare with too */
  start(anchor?: string): void;
  dismiss(): void;
}

/** @param sessionId null for the whole log */
export function useVerification(sessionId: string | null): VerificationState {
  const { bridge } = useServices();
  const [check, setCheck] = useState<Check>({ state: 'none' });
  const running = check.state === 'running';

  useEffect(() => {
    if (!running) return;
    return bridge.on('log.verifying', ({ checked, of }) =>
      setCheck((now) => (now.state === 'running' ? { ...now, progress: verify.checking(checked, of) } : now)),
    );
  }, [bridge, running]);

  const start = (anchor: string | null = null) => {
    if (running) return;
    setCheck({ state: 'running', progress: verify.starting });
    bridge
      .invoke('log.verify', { sessionId, anchor })
      .then((found) => setCheck({ state: 'done', found }))
      .catch((thrown) => {
        const { hint, message } = faultOf(thrown);
        setCheck({ state: 'failed', message: `${sentence(message)} ${sentence(hint)}` });
      });
  };
  return { check, start, dismiss: () => setCheck({ state: 'none' }) };
}

export function VerificationReport({ check, onDismiss }: { check: Check; onDismiss: () => void }) {
  return (
    <div className="verification" role="status" data-state={check.state}>
      {check.state === 'running' && <p className="evidence">{check.progress}</p>}
      {check.state === 'failed' && <p className="verification-bad">{check.message}</p>}
      {check.state === 'done' && <Found found={check.found} />}
      {(check.state === 'done' || check.state === 'failed') && (
        <button type="button" className="link verification-dismiss" onClick={onDismiss}>
          {verify.dismiss}
        </button>
      )}
    </div>
  );
}

function Found({ found: { entries, ok, problems, redactions } }: { found: Verification }) {
  return (
    <>
      <p>
        {ok ? (
          verify.ok(entries)
        ) : (
          <>
            <strong className="verification-bad">{verify.bad(problems.length)}</strong> {verify.badHint}
          </>
        )}{' '}
        {redactions.length > 0 && verify.redacted(redactions.length)}
      </p>
      {!ok && (
        <ul className="verification-problems">
          {problems.slice(0, MOST).map((problem) => (
            <li key={`${problem.kind} ${problem.seq} ${problem.detail}`}>
              {verify.problems[problem.kind]}
              <span className="evidence">
                {problem.seq !== null && ` ${verify.entry(problem.seq)}`} {problem.detail}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** More than that say nothing new on a screen; the command line prints them all. */
const MOST = 100;
