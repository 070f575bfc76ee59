import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { encodeWav, encodeWavHeader, readWavHeader } from '../../../src-main/audio/wav.ts';
import { openDatabase } from '../../../src-main/audit/store/database.ts';
import { verifyChain } from '../../../src-main/audit/verify/verify.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { EventScript, noise } from '../../support/turns.ts';

const KEEP_TURN = join(import.meta.dirname, '../../support/keep-turn.ts');
/** Sound that a crash may cost, as promised: 250 ms at 24 kHz. */
const MAY_BE_LOST = 6_000;

/** Kills a recording process with SIGKILL. @returns the samples that it said were recorded */
async function killInMidTurn(home: string, afterFrames: number): Promise<number> {
  const child = spawn(process.execPath, [KEEP_TURN, home], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let acknowledged = 0;
  let frames = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged = Number(line);
    if (++frames === afterFrames) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return acknowledged;
}

function soundOf(path: string): Int16Array {
  const file = readFileSync(path);
  const header = readWavHeader(file);
  expect(header).toMatchObject({ sampleRate: 24_000, channels: 1, dataBytes: file.length - 44 });
  return new Int16Array(Uint8Array.from(file.subarray(44)).buffer);
}

it('keeps the sound of a turn whose process is killed, and can send it again', async () => {
  const home = temporaryHome();
  const acknowledged = await killInMidTurn(home, 120);
  const { log, faults, close } = openLog(home);
  const [turn, ...others] = await log.recover();
  expect(others).toEqual([]);
  expect(turn).toMatchObject({ turnId: 'turn-1', sessionId: 'session-1' });
  expect(log.queries.getTurn('turn-1')).toMatchObject({ outcome: 'crashed', error: { code: 'crashed' } });

  const sound = soundOf(log.queries.recordingFile('turn-1', 'user') as string);
  expect(sound.length).toBeGreaterThanOrEqual(acknowledged - MAY_BE_LOST);
  expect(turn?.userAudioMs).toBe(sound.length / 24);
  for (let frame = 0; (frame + 1) * 480 <= sound.length; frame++) {
    expect(sound.subarray(frame * 480, (frame + 1) * 480)).toEqual(noise(480, frame));
  }
  expect(readdirSync(join(home, 'audio', 'in-flight'))).toEqual([]);
  expect(faults).toEqual([]);
  expect(await log.recover()).toEqual([]);
  close();
  const database = openDatabase(home);
  expect(verifyChain(home, database)).toMatchObject({ ok: true });
  database.close();
});

it('loses none of the sound it acknowledged, wherever it is killed', async () => {
  for (const afterFrames of [1, 2, 17, 51]) {
    const home = temporaryHome();
    const acknowledged = await killInMidTurn(home, afterFrames);
    const { log } = openLog(home);
    await log.recover();
    const sound = soundOf(log.queries.recordingFile('turn-1', 'user') as string);
    expect(sound.length).toBeGreaterThanOrEqual(acknowledged);
  }
});

/** A home as a crash leaves it: its files copied while a turn is in flight. */
function crashedHome(inFlight: (script: EventScript, home: string) => void): string {
  const running = temporaryHome();
  const { log } = openLog(running);
  inFlight(new EventScript(log.record), running);
  const home = temporaryHome();
  for (const part of ['log', 'audio']) cpSync(join(running, part), join(home, part), { recursive: true });
  return home;
}

it('keeps what was committed of a turn that crashed in mid-answer', async () => {
  const home = crashedHome((script, running) => {
    script.begin('turn-1');
    script.emit({ type: 'audio_captured', turnId: 'turn-1', samples: noise(480, 1) });
    const report = { samples: 480, lostFrames: 0, lateFrames: 0, segments: [], vadError: null };
    script.emit({ type: 'capture_ended', turnId: 'turn-1', report });
    script.emit({ type: 'user_speech_committed', turnId: 'turn-1', messageId: 'm-1', text: 'What time is it' });
    script.emit({ type: 'agent_audio_generated', turnId: 'turn-1', samples: noise(960, 2), text: 'It is' });
    // A turn that starts makes everything before it durable.
    script.begin('turn-2', { source: 'text' });
    expect(existsSync(join(running, 'audio', 'in-flight', 'turn-1.agent.wav'))).toBe(true);
  });
  const { log } = openLog(home);
  const recovered = await log.recover();
  expect(recovered.map(({ turnId, userAudioMs }) => [turnId, userAudioMs])).toEqual([
    ['turn-1', 20],
    ['turn-2', 0],
  ]);
  expect(log.queries.getTurn('turn-1')).toMatchObject({
    outcome: 'crashed',
    user: { committed: 'What time is it', audioMs: 20 },
    reply: { audioMs: 40 },
    error: { hint: expect.stringContaining('saved') },
  });
  expect(soundOf(log.queries.recordingFile('turn-1', 'agent') as string)).toEqual(noise(960, 2));
});

it('drops a sample that was cut in half, and no other', async () => {
  const home = crashedHome((script) => {
    script.begin('turn-1');
    script.emit({ type: 'audio_captured', turnId: 'turn-1', samples: noise(480, 1) });
  });
  const path = join(home, 'audio', 'in-flight', 'turn-1.user.wav');
  writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from([1])]));
  const { log } = openLog(home);
  await log.recover();
  expect(soundOf(log.queries.recordingFile('turn-1', 'user') as string)).toEqual(noise(480, 1));
});

it('finds sound that was moved to its place just before the crash', async () => {
  const home = crashedHome((script) => script.begin('turn-1'));
  mkdirSync(join(home, 'audio', '2026-11'));
  writeFileSync(join(home, 'audio', '2026-11', 'turn-1.user.wav'), encodeWav(noise(480, 3), 24_000));
  const { log } = openLog(home);
  expect((await log.recover()).map(({ userAudioMs }) => userAudioMs)).toEqual([20]);
  expect(soundOf(log.queries.recordingFile('turn-1', 'user') as string)).toEqual(noise(480, 3));
});

it('gives a turn that ended without its sound the sound back', async () => {
  const home = crashedHome((script) => {
    script.begin('turn-1');
    script.end('turn-1', 'cancelled');
  });
  writeFileSync(join(home, 'audio', 'in-flight', 'turn-1.user.wav'), encodeWav(noise(480, 4), 24_000));
  const { log } = openLog(home);
  expect(await log.recover()).toEqual([]);
  expect(log.queries.getTurn('turn-1')).toMatchObject({ outcome: 'cancelled', user: { audioMs: 20 } });
});

it('sets sound aside whose turn it does not know, and removes files without sound', async () => {
  const home = temporaryHome();
  const folder = join(home, 'audio', 'in-flight');
  mkdirSync(folder, { recursive: true });
  const unfinished = encodeWavHeader({ sampleRate: 24_000, channels: 1, dataBytes: null });
  writeFileSync(join(folder, 'lost.user.wav'), Buffer.concat([unfinished, Buffer.alloc(960, 1)]));
  writeFileSync(join(folder, 'empty.user.wav'), unfinished);
  writeFileSync(join(folder, 'torn.agent.wav'), 'RIF');
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  const { log, faults } = openLog(home);
  expect(await log.recover()).toEqual([]);
  expect(readdirSync(folder)).toEqual(['notes.txt']);
  expect(soundOf(join(home, 'audio', 'orphans', 'lost.user.wav'))).toHaveLength(480);
  expect(faults).toEqual([]);
});
