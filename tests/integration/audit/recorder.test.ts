import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { encodeWav } from '../../../src-main/audio/wav.ts';
import { openAuditReader } from '../../../src-main/audit/audit-log.ts';
import { openDatabase } from '../../../src-main/audit/store/database.ts';
import { verifyChain } from '../../../src-main/audit/verify/verify.ts';
import { commands } from '../../../src-preload/contract.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { EventScript, noise, STARTED_AT } from '../../support/turns.ts';

function joined(frames: readonly Int16Array[]): Int16Array {
  return Int16Array.from(frames.flatMap((frame) => [...frame]));
}

const CAPTURED = joined(Array.from({ length: 50 }, (_, frame) => noise(480, frame)));

it('keeps a turn: what was said, answered and heard, sample by sample', () => {
  const home = temporaryHome();
  const { log, faults } = openLog(home);
  const script = new EventScript(log.record);
  script.emit({ type: 'session_started', agentId: 'assistant' });
  script.wholeTurn('turn-1', { user: 'What time is it', reply: 'It is nine', heard: 'It is' });

  expect(faults).toEqual([]);
  expect(log.queries.getTurn('turn-1')).toEqual({
    id: 'turn-1',
    sessionId: 'session-1',
    startedAt: STARTED_AT + 20,
    agentId: 'assistant',
    source: 'voice',
    retryOf: null,
    speaker: null,
    steps: [],
    redactions: [],
    phase: null,
    outcome: 'interrupted',
    user: { committed: 'What time is it', tentative: '', audioMs: 1_000, lostFrames: 2, lateFrames: 1 },
    reply: { text: 'It is nine', heardLength: 5, audioMs: 500, heardMs: 250 },
    error: null,
    timings: { releaseToTranscriptMs: 210, releaseToFirstTokenMs: 300, releaseToFirstAudioMs: 400, totalMs: 900 },
    usage: [{ stage: 'stt', provider: 'openai', model: 'whisper-1', raw: { seconds: 1 }, audioMs: 1_000 }],
    cost: 0.0001,
    models: { stt: 'openai/whisper-1', llm: 'openai/gpt-5-mini', tts: 'openai/tts-1' },
  });
  const path = log.queries.recordingFile('turn-1', 'user');
  expect(path).toBe(join(home, 'audio', '2026-11', 'turn-1.user.wav'));
  expect(readFileSync(path as string).equals(encodeWav(CAPTURED, 24_000))).toBe(true);
  const reply = readFileSync(log.queries.recordingFile('turn-1', 'agent') as string);
  expect(reply.equals(encodeWav(noise(12_000, 99), 24_000))).toBe(true);
  expect(readdirSync(join(home, 'audio', 'in-flight'))).toEqual([]);
});

it('has the session and the turn on disk when the key is down, and no session before', () => {
  const home = temporaryHome();
  const { log } = openLog(home);
  const script = new EventScript(log.record);
  script.emit({ type: 'session_started', agentId: 'assistant' });
  const reader = openAuditReader(home);
  expect(reader?.queries.listSessions({ before: null, limit: 10 })).toEqual([]);
  script.begin('turn-1');
  expect(reader?.queries.getTurn('turn-1')).toMatchObject({ outcome: null, source: 'voice' });
  expect(existsSync(join(home, 'audio', 'in-flight', 'turn-1.user.wav'))).toBe(true);
  reader?.close();
});

it('gives every captured sample to the system at once', () => {
  const home = temporaryHome();
  const { log } = openLog(home);
  const script = new EventScript(log.record);
  script.begin('turn-1');
  for (let frame = 0; frame < 3; frame++) {
    script.emit({ type: 'audio_captured', turnId: 'turn-1', samples: noise(480, frame) });
    const file = readFileSync(join(home, 'audio', 'in-flight', 'turn-1.user.wav'));
    expect(file.subarray(44)).toHaveLength((frame + 1) * 960);
  }
});

it('makes the views that the contract promises', () => {
  const { log } = openLog(temporaryHome());
  const script = new EventScript(log.record);
  script.wholeTurn('turn-1', { user: 'Hello', reply: 'Hello to you' });
  script.begin('turn-2');
  script.end('turn-2', 'failed');
  const session = log.queries.getSession('session-1');
  expect(commands['sessions.get'].output.parse(session)).toEqual(session);
  const list = log.queries.listSessions({ before: null, limit: 10 });
  expect(commands['sessions.list'].output.parse(list)).toEqual(list);
  expect(session?.turns.map(({ id, outcome, error }) => [id, outcome, error?.code])).toEqual([
    ['turn-1', 'completed', undefined],
    ['turn-2', 'failed', 'busy'],
  ]);
});

it('lists sessions newest first, by page, agent and date, titled by the first words said', () => {
  const { log } = openLog(temporaryHome());
  for (let day = 1; day <= 5; day++) {
    const script = new EventScript(log.record, `session-${day}`, STARTED_AT + day * 86_400_000);
    script.emit({ type: 'session_started', agentId: day === 3 ? 'other' : 'assistant' });
    script.begin(`silent-${day}`);
    script.end(`silent-${day}`, 'cancelled');
    script.wholeTurn(`turn-${day}`, { user: `Day ${day}`, reply: 'Yes' });
  }
  const { listSessions } = log.queries;
  const all = listSessions({ before: null, limit: 10 });
  expect(all.map(({ id, title, turnCount }) => [id, title, turnCount])).toEqual([
    ['session-5', 'Day 5', 2],
    ['session-4', 'Day 4', 2],
    ['session-3', 'Day 3', 2],
    ['session-2', 'Day 2', 2],
    ['session-1', 'Day 1', 2],
  ]);
  const ids = (filter: Parameters<typeof listSessions>[0]) => listSessions(filter).map(({ id }) => id);
  const second = all[1]?.startedAt ?? 0;
  expect(ids({ before: second, limit: 2 })).toEqual(['session-3', 'session-2']);
  expect(ids({ before: null, limit: 10, agentId: 'other' })).toEqual(['session-3']);
  expect(ids({ before: null, limit: 10, since: second })).toEqual(['session-5', 'session-4']);
});

it('goes on with a session of an earlier run, and says which versions wrote what', () => {
  const home = temporaryHome();
  for (const turnId of ['turn-1', 'turn-2']) {
    const { log, close } = openLog(home);
    const script = new EventScript(log.record);
    script.emit({ type: 'session_started', agentId: 'assistant' });
    script.wholeTurn(turnId, { user: 'Hello', reply: 'Hello' });
    close();
  }
  const { log } = openLog(home);
  const detail = log.queries.getSessionDetail('session-1');
  expect(detail?.session.turnCount).toBe(2);
  expect(detail?.runs).toHaveLength(2);
  expect(detail?.runs[0]?.versions).toMatchObject({ squelch: '0.0.0-test', node: process.versions.node });
});

it('tells everything of a turn: transcripts as they came, voice activity, marks and phases', () => {
  const { log } = openLog(temporaryHome());
  new EventScript(log.record).wholeTurn('turn-1', { user: 'What time', reply: 'Nine' });
  const turn = log.queries.getSessionDetail('session-1')?.turns[0];
  expect(turn?.user.transcript.map(({ text, final }) => [text, final])).toEqual([
    ['What', false],
    ['What time', true],
  ]);
  expect(turn?.user.vadProbabilities).toEqual([...Float32Array.from({ length: 50 }, (_, frame) => frame / 50)]);
  expect(turn?.reply).toMatchObject({ text: 'Nine', heardText: 'Nine', marks: [{ sample: 0, text: 'Nine' }] });
  expect(turn?.phases).toEqual([{ atMs: 10, phase: 'recording' }]);
  expect(turn?.configuration?.input.deviceLabel).toBe('Desk microphone');
});

it('keeps no empty recording', () => {
  const home = temporaryHome();
  const { log } = openLog(home);
  const script = new EventScript(log.record);
  script.begin('turn-1');
  script.end('turn-1', 'cancelled');
  expect(log.queries.recordingFile('turn-1', 'user')).toBeNull();
  expect(readdirSync(join(home, 'audio', 'in-flight'))).toEqual([]);
});

it('keeps the audio of a turn that ended in mid-capture', () => {
  const { log } = openLog(temporaryHome());
  const script = new EventScript(log.record);
  script.begin('turn-1');
  script.emit({ type: 'audio_captured', turnId: 'turn-1', samples: noise(480, 1) });
  script.end('turn-1', 'cancelled');
  const file = readFileSync(log.queries.recordingFile('turn-1', 'user') as string);
  expect(file.equals(encodeWav(noise(480, 1), 24_000))).toBe(true);
});

it('leaves a chain that verifies', () => {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  const script = new EventScript(log.record);
  for (const turnId of ['turn-1', 'turn-2']) script.wholeTurn(turnId, { user: 'Hello', reply: 'Hello' });
  close();
  const database = openDatabase(home);
  expect(verifyChain(home, database)).toMatchObject({ ok: true, problems: [], entries: 13 });
  database.close();
});

it('does not record what comes after a turn’s end, nor throws at it', () => {
  const { log, faults } = openLog(temporaryHome());
  const script = new EventScript(log.record);
  script.wholeTurn('turn-1', { user: 'Hello', reply: 'Hello' });
  const before = log.queries.getSessionDetail('session-1');
  script.emit({ type: 'agent_text_generated', turnId: 'turn-1', text: 'late' });
  script.end('turn-1', 'failed');
  expect(log.queries.getSessionDetail('session-1')).toEqual(before);
  expect(faults).toEqual([]);
});
