/**
 * Who listens to a session. The recorder is told first and may refuse a turn; a listener that fails, at once or in a
 * promise, is reported to all the others and disturbs neither them nor the turn.
 */
import { Fault, reportFault, toFault } from '../fault.ts';
import type { SessionEvent, SessionListener } from './events.ts';
import type { TurnState } from './turn.ts';

type StateListener = (state: TurnState) => void;

const NONE: ReadonlySet<SessionListener> = new Set();

export class SessionListeners {
  readonly #recorder: SessionListener | null;
  readonly #listeners = new Set<SessionListener>();
  readonly #stateListeners = new Set<StateListener>();

  constructor(recorder: SessionListener | null) {
    this.#recorder = recorder;
  }

  /** @returns stops listening */
  add(listener: SessionListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @returns stops listening */
  addForState(listener: StateListener): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  tellState(sessionId: string, state: TurnState): void {
    for (const listener of [...this.#stateListeners]) {
      try {
        listener(state);
      } catch (thrown) {
        const turnId = state.phase === 'idle' ? null : state.turnId;
        this.#report(failureAt('a change of state', { sessionId, turnId }, thrown), NONE);
      }
    }
  }

  /** @throws what the recorder throws that can't keep a turn */
  tell(event: SessionEvent): void {
    if (event.type === 'turn_started') this.#recorder?.(event);
    else if (this.#recorder) this.#attempt(this.#recorder, event, NONE);
    this.#tellOthers(event, NONE);
  }

  /** @param failed what is not told, because what happened is that it failed */
  #report(event: SessionEvent, failed: ReadonlySet<SessionListener>): void {
    if (this.#recorder && !failed.has(this.#recorder)) this.#attempt(this.#recorder, event, failed);
    this.#tellOthers(event, failed);
  }

  #tellOthers(event: SessionEvent, failed: ReadonlySet<SessionListener>): void {
    for (const listener of [...this.#listeners]) if (!failed.has(listener)) this.#attempt(listener, event, failed);
  }

  #attempt(listener: SessionListener, event: SessionEvent, failed: ReadonlySet<SessionListener>): void {
    const about = { sessionId: event.sessionId, turnId: 'turnId' in event ? event.turnId : null };
    const report = (thrown: unknown) =>
      this.#report(failureAt(event.type, about, thrown), new Set([...failed, listener]));
    try {
      const result = listener(event);
      if (result instanceof Promise) result.catch(report);
    } catch (thrown) {
      report(thrown);
    }
  }
}

function failureAt(
  what: string,
  about: { readonly sessionId: string; readonly turnId: string | null },
  thrown: unknown,
): SessionEvent {
  const fault = new Fault('listener-failed', `A listener failed at ${what}: ${toFault(thrown).message}`, {
    hint: 'Mend what listens to the session; the conversation goes on without it.',
    cause: thrown,
  });
  return { type: 'error', at: Date.now(), ...about, error: reportFault(fault), recoverable: true };
}
