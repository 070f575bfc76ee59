/** What goes wrong in a room, for the log: each thing once in the turn, or the pause between two, in which it happens. */
import type { SessionEvent, Speaker } from '../../conversation/events.ts';
import type { AgentSession } from '../../conversation/session.ts';
import { type Fault, reportFault } from '../../fault.ts';

export type RecordEvent = (event: SessionEvent) => void;

export class FaultLog {
  readonly #session: () => AgentSession;
  readonly #record: RecordEvent;
  readonly #noted = new Set<string>();
  #place = '';

  /** @param session that is held in the room now */
  constructor(session: () => AgentSession, record: RecordEvent) {
    this.#session = session;
    this.#record = record;
  }

  note(fault: Fault, participant: Speaker | null = null): void {
    const { id: sessionId, state } = this.#session();
    const turnId = state.phase === 'idle' ? null : state.turnId;
    const place = `${sessionId} ${turnId}`;
    if (place !== this.#place) this.mended();
    this.#place = place;
    const what = `${fault.code} ${participant?.identity}`;
    if (this.#noted.has(what)) return;
    this.#noted.add(what);
    const error = reportFault(fault);
    this.#record({ type: 'fault', source: 'room', at: Date.now(), sessionId, turnId, error, participant });
  }

  /** What goes wrong from now on is something new. */
  mended(): void {
    this.#noted.clear();
  }
}
