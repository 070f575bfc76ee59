import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { databasePath, openDatabaseForReading } from '../../../src-main/audit/store/database.ts';
import { verifyLog } from '../../../src-main/audit/verify/verification.ts';
import { type CallStage, withCall } from '../../../src-main/speech/call.ts';
import { type OpenedLog, openLog, temporaryHome } from '../../support/audit.ts';
import { EventScript, noise } from '../../support/turns.ts';

interface UsedHome extends OpenedLog {
  readonly home: string;
  readonly script: EventScript;
  /** A turn with its three requests, as providers make them: the model is told all that was said before. */
  turn(turnId: string, words: { user: string; reply: string }): Promise<void>;
}

function usedHome(): UsedHome {
  const home = temporaryHome();
  const answers: Partial<Record<CallStage, () => string>> = {};
  const opened = openLog(home, async (_url, init) => {
    const stage = new Headers(init?.headers).get('x-stage') as CallStage;
    return new Response(answers[stage]?.() ?? '');
  });
  const script = new EventScript(opened.log.record);
  const said: string[] = [];

  async function turn(turnId: string, { user, reply }: { user: string; reply: string }): Promise<void> {
    script.begin(turnId);
    said.push(user);
    const call = (stage: CallStage, body: string, answer: string) =>
      withCall({ turnId, stage }, async () => {
        answers[stage] = () => answer;
        const init = { method: 'POST', body, headers: { 'x-stage': stage } };
        await (await opened.log.recordingFetch('http://127.0.0.1:9/', init)).text();
      });
    // A later phrase of a take is sent with the words of those before.
    await call('stt', `SOUND-SENT-${turnId} after: ${user}`, user);
    await call('llm', JSON.stringify(said), reply);
    await call('tts', reply, `SOUND-GOT-${turnId}`);
    said.push(reply);
    script.emit({ type: 'audio_captured', turnId, samples: noise(4_800, turnId.length) });
    script.emit({ type: 'user_input_transcribed', turnId, text: user, final: true });
    script.emit({ type: 'user_speech_committed', turnId, messageId: `${turnId}-user`, text: user });
    script.emit({ type: 'agent_text_generated', turnId, text: reply });
    script.emit({ type: 'agent_audio_generated', turnId, samples: noise(4_800, 9), text: reply });
    const message = { messageId: `${turnId}-agent`, text: reply, heardText: reply, interrupted: false };
    script.emit({ type: 'agent_speech_committed', turnId, ...message });
    script.end(turnId, 'completed');
  }
  return { ...opened, home, script, turn };
}

/** Files below the home in which any of these words is to be found, as text or as JSON within JSON. */
function filesWith(home: string, ...words: string[]): string[] {
  const files = globSync('**/*', { cwd: home, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => words.some((word) => readFileSync(path).includes(word)));
}

it('leaves nothing of the words in database, write-ahead log or files, and a chain that verifies', async () => {
  const { home, log, turn } = usedHome();
  await turn('turn-1', { user: 'My number is zebra-4711', reply: 'zebra-4711, noted' });
  await turn('turn-2', { user: 'Thank you', reply: 'At your service' });
  expect(filesWith(home, 'zebra-4711')).not.toEqual([]);

  const erased = log.redactTurn('turn-1', 'text', 'asked for by the caller');
  expect(erased).toMatchObject({ seq: expect.any(Number), files: 0, swept: true });
  expect(filesWith(home, 'zebra-4711')).toEqual([]);
  expect(filesWith(home, 'SOUND-GOT-turn-1')).not.toEqual([]);
  expect(filesWith(home, 'At your service')).not.toEqual([]);
  expect(log.queries.recordingFile('turn-1', 'user')).not.toBeNull();
  expect(log.queries.getTurn('turn-1')).toMatchObject({ outcome: 'completed', user: { committed: '' } });

  const verification = await verifyLog(home);
  expect(verification).toMatchObject({
    ok: true,
    redactions: [{ turnId: 'turn-1', part: 'text', reason: 'asked for by the caller', contents: erased.contents }],
  });
});

it('erases the sound alone, with what was sent of it and what was got', async () => {
  const { home, log, turn } = usedHome();
  await turn('turn-1', { user: 'Hello', reply: 'Good day' });
  await turn('turn-2', { user: 'Hello', reply: 'Good day' });
  expect(log.redactTurn('turn-1', 'audio', 'voices').files).toBe(2);
  expect(globSync('audio/**/turn-1.*', { cwd: home })).toEqual([]);
  expect(globSync('audio/**/turn-2.*', { cwd: home })).toHaveLength(2);
  expect(filesWith(home, 'SOUND-SENT-turn-1', 'SOUND-GOT-turn-1')).toEqual([]);
  expect(log.queries.getTurn('turn-1')).toMatchObject({ user: { committed: 'Hello' }, reply: { text: 'Good day' } });
  expect(await verifyLog(home)).toMatchObject({ ok: true });
});

it('has nothing left to erase the second time, and erases the rest when asked for all', async () => {
  const { home, log, turn } = usedHome();
  await turn('turn-1', { user: 'Hello', reply: 'Good day' });
  log.redactTurn('turn-1', 'audio', 'voices');
  expect(log.redactTurn('turn-1', 'audio', 'again')).toMatchObject({ seq: null, contents: 0 });
  log.redactTurn('turn-1', 'all', 'words too');
  expect(filesWith(home, 'Good day', 'Hello')).toEqual([]);
  expect(await verifyLog(home)).toMatchObject({ ok: true, redactions: [{ part: 'audio' }, { part: 'all' }] });
});

it('erases errors that may quote what was said', async () => {
  const { home, log, script } = usedHome();
  script.begin('turn-1', { source: 'text' });
  const error = {
    stage: 'llm' as const,
    code: 'refused',
    message: 'Not allowed: zebra-4711',
    hint: 'Say it otherwise.',
  };
  const timings = { releaseToTranscriptMs: null, releaseToFirstTokenMs: null, releaseToFirstAudioMs: null, totalMs: 1 };
  script.emit({ type: 'turn_ended', turnId: 'turn-1', outcome: 'failed', stopReason: null, error, timings });
  log.redactTurn('turn-1', 'text', 'asked for');
  expect(filesWith(home, 'zebra-4711')).toEqual([]);
  expect(log.queries.getTurn('turn-1')?.outcome).toBe('failed');
  expect(await verifyLog(home)).toMatchObject({ ok: true });
});

it('deletes a session: its contents, its files, its place in every list', async () => {
  const { home, log, turn } = usedHome();
  await turn('turn-1', { user: 'zebra-4711', reply: 'Noted' });
  new EventScript(log.record, 'session-2').wholeTurn('turn-9', { user: 'Stay', reply: 'I stay' });
  log.deleteSession('session-1', 'no longer needed');
  expect(filesWith(home, 'zebra-4711', 'Noted')).toEqual([]);
  expect(globSync('audio/**/turn-1.*', { cwd: home })).toEqual([]);
  const filter = { before: null, limit: 10 };
  expect(log.queries.listSessions(filter).map(({ id }) => id)).toEqual(['session-2']);
  expect(log.queries.getTurn('turn-1')).toBeNull();
  expect(() => log.deleteSession('session-1', 'again')).toThrow(expect.objectContaining({ code: 'session-unknown' }));
  expect(await verifyLog(home)).toMatchObject({
    ok: true,
    redactions: [{ sessionId: 'session-1', turnId: null, reason: 'no longer needed' }],
  });
});

it('leaves none of many turns behind, erased one by one in any order', async () => {
  const { home, log, script } = usedHome();
  const ids = Array.from({ length: 60 }, (_, index) => index);
  for (const id of ids) {
    script.begin(`turn-${id}`, { source: 'text' });
    const text = `SECRET-${id}-`.repeat(1 + ((id * 37) % 900));
    script.emit({ type: 'user_speech_committed', turnId: `turn-${id}`, messageId: `m-${id}`, text });
    script.end(`turn-${id}`, 'completed');
  }
  const gone: string[] = [];
  for (const id of ids.toSorted((a, b) => ((a * 29) % 60) - ((b * 29) % 60))) {
    log.redactTurn(`turn-${id}`, 'text', 'test');
    gone.push(`SECRET-${id}-`);
    expect(filesWith(home, ...gone)).toEqual([]);
  }
  expect(await verifyLog(home)).toMatchObject({ ok: true });
}, 60_000);

it('is not done to a turn that runs, or that does not exist', () => {
  const { log, script } = usedHome();
  script.begin('turn-1');
  expect(() => log.redactTurn('turn-1', 'all', 'x')).toThrow(expect.objectContaining({ code: 'turn-in-flight' }));
  expect(() => log.deleteSession('session-1', 'x')).toThrow(expect.objectContaining({ code: 'turn-in-flight' }));
  expect(() => log.redactTurn('turn-9', 'all', 'x')).toThrow(expect.objectContaining({ code: 'turn-unknown' }));
});

it('says so while a reader keeps it from wiping the freed pages, and wipes them at the end', async () => {
  const { home, log, turn, close } = usedHome();
  await turn('turn-1', { user: 'zebra-4711', reply: 'Noted' });
  const reader = openDatabaseForReading(home);
  reader?.exec('BEGIN; SELECT * FROM entry');
  reader?.prepare('SELECT count(*) FROM entry').get();
  expect(log.redactTurn('turn-1', 'text', 'asked for').swept).toBe(false);
  expect(filesWith(home, 'zebra-4711')).not.toEqual([]);
  reader?.close();
  close();
  expect(filesWith(home, 'zebra-4711')).toEqual([]);
});

it('finishes at the next start what a crash cut off between entry and files, and undoes what had no entry', async () => {
  const { home, log, turn, close } = usedHome();
  await turn('turn-1', { user: 'Hello', reply: 'Good day' });
  await turn('turn-2', { user: 'Hello', reply: 'Good day' });
  const sounds = ['user', 'agent'].map((track) => log.queries.recordingFile('turn-1', track as 'user') as string);
  const bytes = sounds.map((path) => readFileSync(path));
  log.redactTurn('turn-1', 'audio', 'voices');
  close();
  for (const [index, path] of sounds.entries()) writeFileSync(path, bytes[index] as Buffer);
  const file = (turnId: string) => `audio/2026-11/${turnId}.user.wav`;
  const intent = join(databasePath(home), '..', 'erasing.json');
  writeFileSync(intent, JSON.stringify([file('turn-1'), file('turn-1').replace('user', 'agent'), file('turn-2')]));
  const again = openLog(home);
  await again.log.recover();
  expect(globSync('audio/**/*.wav', { cwd: home }).toSorted()).toEqual([
    'audio/2026-11/turn-2.agent.wav',
    'audio/2026-11/turn-2.user.wav',
  ]);
  expect(await verifyLog(home)).toMatchObject({ ok: true });
});

it('goes on with files that an earlier redaction could not remove', async () => {
  const { home, log, turn, close } = usedHome();
  await turn('turn-1', { user: 'Hello', reply: 'Good day' });
  await turn('turn-2', { user: 'Hello', reply: 'Good day' });
  const [held, other] = ['user', 'agent'].map(
    (track) => log.queries.recordingFile('turn-1', track as 'user') as string,
  );
  // What another program holds open can't be removed on Windows; anywhere, what is a folder can't be.
  rmSync(held as string);
  mkdirSync(join(held as string, 'busy'), { recursive: true });
  expect(() => log.redactTurn('turn-1', 'audio', 'voices')).toThrow(expect.objectContaining({ stage: 'log' }));
  expect(existsSync(other as string)).toBe(false);
  rmSync(held as string, { recursive: true });
  writeFileSync(held as string, 'sound');
  log.redactTurn('turn-2', 'audio', 'voices');
  expect(globSync('audio/2026-11/*', { cwd: home })).toEqual([]);
  close();
  expect(await verifyLog(home)).toMatchObject({ ok: true });
});
