/** Turns as a session announces them, for tests of whoever listens. */
import type { SessionEvent, SessionEventBody, TurnConfiguration } from '../../src-main/conversation/events.ts';

type Speaker = NonNullable<TurnConfiguration['input']['speaker']>;

export const CONFIGURATION: TurnConfiguration = {
  agentId: 'assistant',
  instructions: 'Answer briefly.',
  stt: 'openai/whisper-1',
  llm: 'openai/gpt-5-mini',
  tts: 'openai/tts-1',
  vad: {
    threshold: 0.5,
    negativeThreshold: null,
    minSpeechMs: 100,
    minSilenceMs: 500,
    padBeforeMs: 100,
    padAfterMs: 100,
    maxSpeechMs: null,
    smoothing: 0,
    modelSha256: 'f'.repeat(64),
  },
  input: { deviceLabel: 'Desk microphone', processing: ['echoCancellation'] },
};

export const STARTED_AT = Date.UTC(2026, 10, 3, 9, 30);

/** Stamps events as a session does; every event comes 10 ms after the one before it. */
export class EventScript {
  readonly sessionId: string;
  readonly #record: (event: SessionEvent) => void;
  #at: number;

  constructor(record: (event: SessionEvent) => void, sessionId = 'session-1', at = STARTED_AT) {
    this.#record = record;
    this.sessionId = sessionId;
    this.#at = at;
  }

  emit(body: SessionEventBody): void {
    this.#at += 10;
    this.#record({ ...body, at: this.#at, sessionId: this.sessionId } as SessionEvent);
  }

  /** When the last event was. */
  get now(): number {
    return this.#at;
  }

  begin(
    turnId: string,
    options: { source?: 'voice' | 'text' | 'retry'; retryOf?: string; speaker?: Speaker } = {},
  ): void {
    const { source = 'voice', retryOf = null, speaker } = options;
    const { input, ...rest } = CONFIGURATION;
    const configuration = { ...rest, input: speaker ? { ...input, speaker } : input };
    this.emit({ type: 'turn_started', turnId, source, retryOf, configuration });
  }

  /** A spoken turn from key down to the last word heard. */
  wholeTurn(turnId: string, words: { user: string; reply: string; heard?: string }): void {
    const { user, reply, heard = reply } = words;
    this.begin(turnId);
    this.emit({ type: 'phase_changed', turnId, phase: 'recording' });
    for (let frame = 0; frame < 50; frame++) {
      this.emit({ type: 'audio_captured', turnId, samples: noise(480, frame) });
      this.emit({ type: 'vad_measured', turnId, probabilities: [frame / 50] });
    }
    const report = { samples: 24_000, lostFrames: 2, lateFrames: 1, segments: [], vadError: null };
    this.emit({ type: 'capture_ended', turnId, report });
    this.emit({ type: 'user_input_transcribed', turnId, text: user.slice(0, 4), final: false });
    this.emit({ type: 'user_input_transcribed', turnId, text: user, final: true });
    this.emit({
      type: 'usage_reported',
      turnId,
      usage: { stage: 'stt', provider: 'openai', model: 'whisper-1', raw: { seconds: 1 }, audioMs: 1_000 },
    });
    this.emit({ type: 'user_speech_committed', turnId, messageId: `${turnId}-user`, text: user });
    this.emit({ type: 'agent_text_generated', turnId, text: reply });
    this.emit({ type: 'agent_audio_generated', turnId, samples: noise(12_000, 99), text: reply });
    this.emit({ type: 'agent_speech_heard', turnId, heardSamples: 6_000, heardText: heard });
    const message = { messageId: `${turnId}-agent`, text: reply, heardText: heard, interrupted: heard !== reply };
    this.emit({ type: 'agent_speech_committed', turnId, ...message });
    this.end(turnId, heard === reply ? 'completed' : 'interrupted');
  }

  end(
    turnId: string,
    outcome: 'completed' | 'interrupted' | 'failed' | 'cancelled',
    stopReason: string | null = null,
  ): void {
    const error =
      outcome === 'failed' ? { stage: 'llm' as const, code: 'busy', message: 'Too busy.', hint: 'Try again.' } : null;
    const timings = {
      releaseToTranscriptMs: 210,
      releaseToFirstTokenMs: 300,
      releaseToFirstAudioMs: 400,
      totalMs: 900,
    };
    this.emit({ type: 'turn_ended', turnId, outcome, error, stopReason, timings });
  }
}

/** Samples that are the same for the same seed. */
export function noise(count: number, seed: number): Int16Array {
  let state = seed * 2_654_435_761 + 1;
  return Int16Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >> 18;
  });
}
