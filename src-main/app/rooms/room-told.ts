/** What a room is told of a conversation: both sides' words as they become known, and what the agent is doing. */
import type { AgentState, SessionEvent } from '../../conversation/events.ts';
import type { RoomTranscripts, Segment } from '../../transport/livekit/room-transcripts.ts';

export interface RoomToldOptions {
  readonly transcripts: RoomTranscripts;
  /** Whose track the words of that one belong to. */
  readonly trackOf: (identity: string) => string | null;
  /** Identity of the agent in the room; empty before it is there. */
  readonly agent: () => string;
  /** Identity of whoever sits at this machine; null when they are not in the room. */
  readonly owner: string | null;
  readonly state: (state: AgentState) => void;
}

interface Turn {
  /** null when whoever speaks is not in the room. */
  readonly speaker: string | null;
  /** Phrases that will not change any more. */
  said: string;
  heard: string;
}

export class RoomTold {
  readonly #options: RoomToldOptions;
  readonly #turns = new Map<string, Turn>();

  constructor(options: RoomToldOptions) {
    this.#options = options;
  }

  tell(event: SessionEvent): void {
    if (event.type === 'turn_started') {
      const speaker = event.configuration.input.speaker?.identity ?? this.#options.owner;
      this.#turns.set(event.turnId, { speaker: event.source === 'agent' ? null : speaker, said: '', heard: '' });
    }
    if (!('turnId' in event) || event.turnId === null) return;
    const turn = this.#turns.get(event.turnId);
    if (!turn) return;
    const { transcripts, state } = this.#options;
    switch (event.type) {
      case 'user_input_transcribed': {
        const text = [turn.said, event.text].filter((part) => part !== '').join(' ');
        if (event.final) turn.said = text;
        this.#tellUser(event.turnId, turn, text, false);
        return;
      }
      case 'user_speech_committed':
        if (!event.given) this.#tellUser(event.turnId, turn, event.text, true);
        return;
      case 'agent_speech_heard': {
        const more = event.heardText.startsWith(turn.heard) ? event.heardText.slice(turn.heard.length) : '';
        turn.heard += more;
        const segment = this.#agentSegment(event.turnId);
        if (more !== '' && segment) transcripts.append(segment, more);
        return;
      }
      case 'agent_speech_committed': {
        const segment = this.#agentSegment(event.turnId);
        if (segment) transcripts.write(segment, event.heardText, true);
        return;
      }
      case 'agent_state_changed':
        state(event.state);
        return;
      case 'turn_ended':
        this.#turns.delete(event.turnId);
        state('listening');
    }
  }

  #tellUser(turnId: string, { speaker }: Turn, text: string, final: boolean): void {
    if (speaker === null) return;
    const { transcripts, trackOf } = this.#options;
    transcripts.write({ id: `${turnId}-user`, identity: speaker, trackId: trackOf(speaker) }, text, final);
  }

  #agentSegment(turnId: string): Segment | null {
    const { agent, trackOf } = this.#options;
    const identity = agent();
    return identity === '' ? null : { id: `${turnId}-agent`, identity, trackId: trackOf(identity) };
  }
}
