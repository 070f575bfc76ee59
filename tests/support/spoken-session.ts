/** A logged conversation whose sound and times are known: two spoken turns, the second one interrupted. */
import type { SessionEvent, SessionEventBody } from '../../src-main/conversation/events.ts';
import { speech } from './speech.ts';
import { CONFIGURATION, STARTED_AT } from './turns.ts';

export const SESSION_ID = 'session-1';

export interface SpokenSession {
  readonly user: readonly Int16Array[];
  readonly agent: readonly Int16Array[];
  /** Where each sound was heard, in milliseconds from the first turn's start. */
  readonly userAtMs: readonly number[];
  readonly agentAtMs: readonly number[];
  /** Samples of the second reply that were heard. */
  readonly heardOfSecond: number;
  readonly endedAtMs: number;
}

export const WORDS = [
  { user: '=SUM(A1) "quoted", and\na second line <b>', reply: 'It is nine. -->' },
  { user: '你好，世界', reply: 'Of course, I can go on about that for very long' },
] as const;

const FRAME = 480;

/** Announces it as a session does, at the pace of sound. */
export async function speakSession(record: (event: SessionEvent) => void): Promise<SpokenSession> {
  const user = [await speech('What time is it now?'), await speech('Tell me everything about radios.')];
  const agent = [await speech('It is nine.'), await speech('Of course, I can go on about that for very long.')];
  const emitAt = (atMs: number, body: SessionEventBody) =>
    record({ ...body, at: STARTED_AT + Math.round(atMs), sessionId: SESSION_ID } as SessionEvent);
  const userAtMs: number[] = [];
  const agentAtMs: number[] = [];
  let heardOfSecond = 0;
  let nowMs = 0;
  emitAt(0, { type: 'session_started', agentId: 'assistant' });
  for (const [index, words] of WORDS.entries()) {
    const turnId = `turn-${index + 1}`;
    const [said, reply] = [user[index] as Int16Array, agent[index] as Int16Array];
    const heard = index === 0 ? reply.length : Math.floor(reply.length / 2);
    emitAt(nowMs, { type: 'turn_started', turnId, source: 'voice', retryOf: null, configuration: CONFIGURATION });
    nowMs += 100;
    userAtMs.push(nowMs);
    emitAt(nowMs + 20, { type: 'phase_changed', turnId, phase: 'recording' });
    for (let start = 0; start < said.length; start += FRAME) {
      emitAt(nowMs + start / 24 + 20, {
        type: 'audio_captured',
        turnId,
        samples: said.slice(start, start + FRAME),
      });
    }
    nowMs += said.length / 24 + 20;
    const report = { samples: said.length, lostFrames: 0, lateFrames: 0, segments: [], vadError: null };
    emitAt(nowMs, { type: 'capture_ended', turnId, report });
    emitAt(nowMs, { type: 'user_speech_committed', turnId, messageId: `${turnId}-user`, text: words.user });
    emitAt(nowMs, { type: 'phase_changed', turnId, phase: 'thinking' });
    emitAt(nowMs, { type: 'agent_text_generated', turnId, text: words.reply });
    emitAt(nowMs, { type: 'agent_audio_generated', turnId, samples: reply, text: words.reply });
    nowMs += 400;
    agentAtMs.push(nowMs);
    emitAt(nowMs + 20, { type: 'phase_changed', turnId, phase: 'speaking' });
    const heardText = words.reply.slice(0, Math.round((words.reply.length * heard) / reply.length));
    for (let samples = FRAME; samples < heard; samples += FRAME) {
      emitAt(nowMs + samples / 24, { type: 'agent_speech_heard', turnId, heardSamples: samples, heardText: '' });
    }
    nowMs += heard / 24;
    emitAt(nowMs, { type: 'agent_speech_heard', turnId, heardSamples: heard, heardText });
    emitAt(nowMs, {
      type: 'agent_speech_committed',
      turnId,
      messageId: `${turnId}-agent`,
      text: words.reply,
      heardText,
      interrupted: heard < reply.length,
    });
    emitAt(nowMs, {
      type: 'turn_ended',
      turnId,
      outcome: heard < reply.length ? 'interrupted' : 'completed',
      error: null,
      stopReason: null,
      timings: { releaseToTranscriptMs: 5, releaseToFirstTokenMs: 6, releaseToFirstAudioMs: 400, totalMs: nowMs },
    });
    heardOfSecond = heard;
    nowMs += 700;
  }
  return { user, agent, userAtMs, agentAtMs, heardOfSecond, endedAtMs: nowMs - 700 };
}
