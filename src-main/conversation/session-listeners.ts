/**
 * Who listens to a session. The recorder is told first and may refuse a turn; a listener that fails, at once or in a
 * promise, is reported to all the others and disturbs neither them nor the turn.
 */
import { Fault, reportFault, toFault } from '../fault.ts';
import type { SessionEvent, SessionEventType, SessionListener } from './events.ts';
import type { TurnState } from './turn.ts';

type StateListener = (state: TurnState) => void;

interface Registration {
  /** null is every event. */
  readonly type: SessionEventType | null;
  readonly listener: SessionListener;
}

const NONE: ReadonlySet<SessionListener> = new Set();

export class SessionListeners {
  readonly #recorder: SessionListener | null;
  #registrations: readonly Registration[] = [];
  /** Who is told of a type of event: asked for with every frame, and changed with a registration. */
  readonly #told = new Map<SessionEventType, readonly SessionListener[]>();
  readonly #stateListeners = new Set<StateListener>();

  constructor(recorder: SessionListener | null) {
    this.#recorder = recorder;
  }

  /** @param type null for every event. @returns stops listening */
  add(type: SessionEventType | null, listener: SessionListener): () => void {
    const registration = { type, listener };
    this.#register([...this.#registrations, registration]);
    return () => this.#register(this.#registrations.filter((one) => one !== registration));
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

  #register(registrations: readonly Registration[]): void {
    this.#registrations = registrations;
    this.#told.clear();
  }

  #toldOf(type: SessionEventType): readonly SessionListener[] {
    const known = this.#told.get(type);
    if (known) return known;
    const told = this.#registrations.flatMap((one) => (one.type === null || one.type === type ? [one.listener] : []));
    this.#told.set(type, told);
    return told;
  }

  #tellOthers(event: SessionEvent, failed: ReadonlySet<SessionListener>): void {
    for (const listener of this.#toldOf(event.type)) if (!failed.has(listener)) this.#attempt(listener, event, failed);
  }

  #attempt(listener: SessionListener, event: SessionEvent, failed: ReadonlySet<SessionListener>): void {
    try {
      const result = listener(event);
      if (result instanceof Promise) result.catch((thrown) => this.#reportFailure(listener, event, thrown, failed));
    } catch (thrown) {
      this.#reportFailure(listener, event, thrown, failed);
    }
  }

  #reportFailure(
    listener: SessionListener,
    event: SessionEvent,
    thrown: unknown,
    failed: ReadonlySet<SessionListener>,
  ): void {
    const about = { sessionId: event.sessionId, turnId: 'turnId' in event ? event.turnId : null };
    this.#report(failureAt(event.type, about, thrown), new Set([...failed, listener]));
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
