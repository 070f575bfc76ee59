/** The turns of the running conversation as a person sees them, kept up to date from the session's events. */
import type { TurnView } from '../../src-preload/contract.ts';
import { PIPELINE_RATE, samplesToMs } from '../audio/frame.ts';
import type { SessionEvent } from '../conversation/events.ts';
import type { Usage } from '../speech/call.ts';
import { withStep } from './turn-steps.ts';

/** US dollars; null when the price of a model is not known. */
export type PriceOf = (usage: readonly Usage[]) => number | null;

type Mutable<T> = T extends readonly unknown[] ? T : T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;

interface LiveTurn {
  readonly view: Mutable<TurnView>;
  readonly usage: Usage[];
  /** The user's own words, then those that an agent gave as theirs. */
  said: readonly Said[];
  userSamples: number;
  agentSamples: number;
}

interface Said {
  readonly messageId: string;
  readonly text: string;
}

/** The user's own words first. A message that is announced again was understood better. */
function withMessage(said: readonly Said[], message: Said & { readonly given?: boolean }): readonly Said[] {
  if (said.some(({ messageId }) => messageId === message.messageId))
    return said.map((one) => (one.messageId === message.messageId ? message : one));
  return message.given ? [...said, message] : [message, ...said];
}

export class TurnViews {
  readonly #turns = new Map<string, LiveTurn>();
  readonly #priceOf: PriceOf;
  readonly #changed: (turn: TurnView) => void;

  /** @param changed is called after each event that a person could notice. */
  constructor(priceOf: PriceOf, changed: (turn: TurnView) => void) {
    this.#priceOf = priceOf;
    this.#changed = changed;
  }

  /** In the order in which they began. */
  all(): TurnView[] {
    return [...this.#turns.values()].map(snapshot);
  }

  clear(): void {
    this.#turns.clear();
  }

  apply(event: SessionEvent): void {
    if (!('turnId' in event) || event.turnId === null) return;
    if (event.type === 'turn_started') this.#turns.set(event.turnId, begin(event));
    const turn = this.#turns.get(event.turnId);
    if (!turn || !this.#fold(turn, event)) return;
    this.#changed(snapshot(turn));
  }

  /** @returns whether anything changed that is shown. */
  #fold(turn: LiveTurn, event: SessionEvent): boolean {
    const { view } = turn;
    switch (event.type) {
      case 'turn_started':
        return true;
      case 'phase_changed':
        view.phase = event.phase;
        return true;
      case 'audio_captured':
        turn.userSamples += event.samples.length;
        view.user.audioMs = Math.round(samplesToMs(turn.userSamples, PIPELINE_RATE));
        return false;
      case 'capture_ended':
        view.user.lostFrames = event.report.lostFrames;
        view.user.lateFrames = event.report.lateFrames;
        return true;
      case 'user_input_transcribed':
        if (event.final) view.user.committed = joined(view.user.committed, event.text);
        view.user.tentative = event.final ? '' : event.text;
        return true;
      case 'user_speech_committed':
        turn.said = withMessage(turn.said, event);
        view.user.committed = turn.said.map(({ text }) => text).join('\n');
        view.user.tentative = '';
        return true;
      case 'agent_text_generated':
        view.reply.text += event.text;
        return true;
      case 'agent_audio_generated':
        turn.agentSamples += event.samples.length;
        view.reply.audioMs = Math.round(samplesToMs(turn.agentSamples, PIPELINE_RATE));
        return false;
      case 'agent_speech_heard': {
        view.reply.heardMs = Math.round(samplesToMs(event.heardSamples, PIPELINE_RATE));
        const before = view.reply.heardLength;
        view.reply.heardLength = event.heardText.length;
        // The loudspeaker reports many times in a word.
        return view.reply.heardLength !== before;
      }
      case 'agent_speech_committed':
        view.reply.text = event.text;
        view.reply.heardLength = event.heardText.length;
        return true;
      case 'usage_reported':
        turn.usage.push(event.usage);
        view.usage = [...turn.usage];
        view.cost = this.#priceOf(turn.usage);
        return true;
      case 'conversation_item_added':
      case 'tool_call_decided':
      case 'function_tools_executed':
        view.steps = withStep(view.steps, event);
        return true;
      case 'turn_ended':
        view.steps = withStep(view.steps, event);
        view.phase = null;
        view.outcome = event.outcome;
        view.error = event.error;
        view.timings = event.timings;
        return true;
      default:
        return false;
    }
  }
}

function begin(event: SessionEvent & { type: 'turn_started' }): LiveTurn {
  const { agentId, stt, llm, tts, input } = event.configuration;
  return {
    view: {
      id: event.turnId,
      sessionId: event.sessionId,
      startedAt: event.at,
      agentId,
      source: event.source,
      retryOf: event.retryOf,
      speaker: input.speaker ?? null,
      phase: null,
      outcome: null,
      user: { committed: '', tentative: '', audioMs: 0, lostFrames: 0, lateFrames: 0 },
      reply: { text: '', heardLength: 0, audioMs: 0, heardMs: 0 },
      steps: [],
      redactions: [],
      error: null,
      timings: null,
      usage: [],
      cost: null,
      models: { stt, llm, tts },
    },
    usage: [],
    said: [],
    userSamples: 0,
    agentSamples: 0,
  };
}

function snapshot({ view }: LiveTurn): TurnView {
  return { ...view, user: { ...view.user }, reply: { ...view.reply } };
}

function joined(before: string, after: string): string {
  return [before, after].filter((text) => text !== '').join(' ');
}
