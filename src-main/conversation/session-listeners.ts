/**
 * Who listens to a session. The recorder is told first and may refuse a turn; a listener that fails, at once or in a
 * promise, is reported to all the others and disturbs neither them nor the turn.
 */
import { Fault, reportFault, toFault } from '../fault.ts';
import type { SessionEvent, SessionListener } from './events.ts';

const NONE: ReadonlySet<SessionListener> = new Set();

export class SessionListeners {
  readonly #recorder: SessionListener | null;
  readonly #listeners = new Set<SessionListener>();

  constructor(recorder: SessionListener | null) {
    this.#recorder = recorder;
  }

  /** @returns stops listening */
  add(listener: SessionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @throws what the recorder throws that can't keep a turn */
  tell(event: SessionEvent): void {
    if (event.type === 'turn_started') this.#recorder?.(event);
    else if (this.#recorder) this.#attempt(this.#recorder, event, NONE);
    this.#tellOthers(event, NONE);
  }

  /** @param failed listeners that are not told, because what happened is that they failed */
  #tellOthers(event: SessionEvent, failed: ReadonlySet<SessionListener>): void {
    for (const listener of [...this.#listeners]) if (!failed.has(listener)) this.#attempt(listener, event, failed);
  }

  #attempt(listener: SessionListener, event: SessionEvent, failed: ReadonlySet<SessionListener>): void {
    const report = (thrown: unknown) => this.#tellOthers(failureAt(event, thrown), new Set([...failed, listener]));
    try {
      const result = listener(event);
      if (result instanceof Promise) result.catch(report);
    } catch (thrown) {
      report(thrown);
    }
  }
}

function failureAt({ type, sessionId, ...rest }: SessionEvent, thrown: unknown): SessionEvent {
  const fault = new Fault('listener-failed', `A listener failed at ${type}: ${toFault(thrown).message}`, {
    hint: 'Mend what listens to the session; the conversation goes on without it.',
    cause: thrown,
  });
  const turnId = 'turnId' in rest ? rest.turnId : null;
  return { type: 'error', at: Date.now(), sessionId, turnId, error: reportFault(fault) };
}
