import { existsSync, globSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createApp } from '../../../src-main/app.ts';
import { databasePath } from '../../../src-main/audit/store/database.ts';
import { createMemorySecretStore } from '../../../src-main/settings/secrets.ts';
import { commands } from '../../../src-preload/contract.ts';
import type { SettingsPatch } from '../../../src-preload/settings.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { speech } from '../../support/speech.ts';
import { TestWindow } from '../../support/test-window.ts';
import { EventScript } from '../../support/turns.ts';

const PRACTICE: SettingsPatch = {
  stt: { provider: 'practice' },
  llm: { provider: 'practice' },
  tts: { provider: 'practice' },
};

function homeWith(log: SettingsPatch['log'] = {}): string {
  const home = temporaryHome();
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ ...PRACTICE, log }));
  return home;
}

async function start(home: string) {
  const app = await createApp({ home, host: 'cli', secrets: createMemorySecretStore(), environment: {} });
  onTestFinished(() => app.close());
  return { app, window: new TestWindow(app) };
}

/** A turn of long ago. */
function keepOldTurn(home: string): void {
  const { log, close } = openLog(home);
  const script = new EventScript(log.record, 'old', Date.UTC(2020, 0, 1));
  script.wholeTurn('old-turn', { user: 'Long ago', reply: 'Noted' });
  close();
}

it('redacts a turn of the conversation in progress, which ends so that nobody repeats it', async () => {
  const home = homeWith();
  const { window } = await start(home);
  const turn = await window.type('zebra-4711');
  const erased = await window.invoke('turns.redact', { turnId: turn.id, part: 'all', reason: 'a slip' });
  expect(erased).toMatchObject({ seq: expect.any(Number), swept: true });
  expect(await window.invoke('conversation.get', {})).toMatchObject({ conversation: { sessionId: null }, turns: [] });
  expect(readFileSync(databasePath(home)).includes('zebra-4711')).toBe(false);
  const verification = await window.invoke('log.verify', { sessionId: turn.sessionId });
  expect(verification).toMatchObject({ ok: true, redactions: [{ turnId: turn.id, reason: 'a slip' }] });
});

it('deletes the session in progress, and leaves another conversation to go on with', async () => {
  const { window } = await start(homeWith());
  const { sessionId } = await window.type('Hello');
  await window.invoke('sessions.delete', { deletionId: 'd', sessionIds: [sessionId], reason: 'no longer needed' });
  expect(await window.invoke('sessions.list', { before: null, limit: 10 })).toEqual([]);
  const next = await window.type('Hello again');
  expect(next).toMatchObject({ outcome: 'completed', sessionId: expect.not.stringMatching(sessionId) });
  expect(await window.invoke('log.verify', { sessionId: null })).toMatchObject({ ok: true });
});

it('deletes several sessions, tells how far it is, none when one is unknown, and no more once it is stopped', async () => {
  const { window } = await start(homeWith());
  const sessionIds: string[] = [];
  for (const words of ['One', 'Two', 'Three', 'Four']) {
    const { sessionId } = await window.type(words);
    sessionIds.push(sessionId);
    if (words !== 'Four') await window.invoke('conversation.new', {});
  }
  const left = async () => (await window.invoke('sessions.list', { before: null, limit: 10 })).map(({ id }) => id);
  const remove = (deletionId: string, ids: readonly string[]) =>
    window.invoke('sessions.delete', { deletionId, sessionIds: [...ids], reason: 'test' });
  await expect(remove('none', [...sessionIds, 'nobody'])).rejects.toMatchObject({ code: 'session-unknown' });
  expect(await left()).toHaveLength(4);
  const { conversation } = await window.invoke('conversation.get', {});
  expect(conversation.sessionId, 'the conversation in progress goes on').toBe(sessionIds[3]);

  const told: number[] = [];
  window.on('sessions.deleting', ({ deletionId, done, of }) => {
    told.push(done, of);
    if (deletionId === 'stopped' && done === 2) void window.invoke('sessions.stopDeleting', { deletionId });
  });
  await expect(remove('stopped', sessionIds)).rejects.toMatchObject({
    code: 'erasure-stopped',
    message: 'Stopped after 2 of 4 conversations; those are erased, the others whole.',
  });
  expect(told).toEqual([1, 4, 2, 4]);
  expect((await left()).sort()).toEqual(sessionIds.slice(2).sort());
  expect(await remove('rest', sessionIds.slice(2))).toMatchObject({ seq: expect.any(Number), swept: true });
  expect(await left()).toEqual([]);
  expect(await window.invoke('log.verify', { sessionId: null })).toMatchObject({ ok: true });
});

it('says what does not exist, and wants a reason', async () => {
  const { window } = await start(homeWith());
  const refused = (name: 'turns.redact' | 'sessions.delete', input: object) =>
    expect(window.invoke(name, input as never)).rejects;
  await refused('turns.redact', { turnId: 'x', part: 'all', reason: 'x' }).toMatchObject({ code: 'turn-unknown' });
  const deletion = { deletionId: 'd', sessionIds: ['x'], reason: 'x' };
  await refused('sessions.delete', deletion).toMatchObject({ code: 'session-unknown' });
  await refused('sessions.delete', { ...deletion, reason: ' ' }).toMatchObject({ code: 'input-invalid' });
  await refused('sessions.delete', { ...deletion, sessionIds: [] }).toMatchObject({ code: 'input-invalid' });
  await expect(window.invoke('log.verify', { sessionId: 'x' })).rejects.toMatchObject({ code: 'session-unknown' });
  await expect(window.invoke('backups.make', {})).rejects.toMatchObject({ code: 'backup-folder-missing' });
});

it('keeps nothing of a private conversation, says that it is one, and goes back to keeping', async () => {
  const { window } = await start(homeWith());
  await window.invoke('conversation.new', { private: true });
  expect(window.conversation).toMatchObject({ private: true });
  const secret = await window.type('Between us');
  expect(secret.outcome).toBe('completed');
  await expect(window.invoke('talk.retry', { turnId: secret.id })).rejects.toMatchObject({ code: 'nothing-to-retry' });
  await window.invoke('conversation.new', {});
  expect(window.conversation).toMatchObject({ private: false });
  await window.type('For the record');
  const sessions = await window.invoke('sessions.list', { before: null, limit: 10 });
  expect(sessions.map(({ title }) => title)).toEqual(['For the record']);
});

it('follows the rules of retention at the start, and previews others', async () => {
  const home = homeWith({ soundDays: 30 });
  keepOldTurn(home);
  const { window } = await start(home);
  while (globSync('audio/*/*.wav', { cwd: home }).length > 0) await delay(20);
  const rules = { soundDays: null, allDays: 365, capMegabytes: null };
  const preview = await window.invoke('retention.preview', rules);
  expect(preview).toMatchObject({ sessions: { sessions: 1, turns: 1 } });
  await window.invoke('settings.update', { log: rules });
  expect(await window.invoke('retention.run', {})).toEqual(preview);
  expect(await window.invoke('sessions.list', { before: null, limit: 10 })).toEqual([]);
});

it('backs up by schedule and when asked, and leaves anchors at its end', async () => {
  const [backupFolder, anchorFolder] = [temporaryHome(), temporaryHome()];
  const home = homeWith({ backupFolder, anchorFolder });
  keepOldTurn(home);
  const { app, window } = await start(home);
  while (!readdirSync(backupFolder).some((name) => /^squelch-[\dT-]+$/.test(name))) await delay(20);
  const backup = await window.invoke('backups.make', {});
  expect(backup).toMatchObject({ entries: 7, files: 2 });
  expect(existsSync(databasePath(backup.folder))).toBe(true);
  expect(readdirSync(backupFolder)).toHaveLength(2);
  await app.close();
  expect(readdirSync(anchorFolder)).toHaveLength(1);
});

it('lists its backups and makes a new data folder of one, which verifies', async () => {
  const backupFolder = temporaryHome();
  const home = homeWith({ backupFolder });
  keepOldTurn(home);
  const { window } = await start(home);
  // Beside the one that is due at the start, and beside one another.
  const [made] = await Promise.all([window.invoke('backups.make', {}), window.invoke('backups.make', {})]);
  const backups = await window.invoke('backups.list', {});
  expect(commands['backups.list'].output.parse(backups)).toEqual(backups);
  expect(backups.length).toBeGreaterThanOrEqual(2);
  expect(backups).toContainEqual(made);
  const restored = join(temporaryHome(), 'restored');
  expect(await window.invoke('backups.restore', { backup: made.folder, home: restored })).toEqual({
    folder: restored,
    entries: 7,
    files: 2,
    problems: [],
  });
  await expect(window.invoke('backups.restore', { backup: made.folder, home: restored })).rejects.toMatchObject({
    code: 'home-not-empty',
  });
  const empty = temporaryHome();
  await expect(window.invoke('backups.restore', { backup: empty, home: join(empty, 'new') })).rejects.toMatchObject({
    code: 'backup-invalid',
  });
});

it('writes anchors when asked, lists them, and compares the log with one that was kept', async () => {
  const anchorFolder = temporaryHome();
  const home = homeWith({ anchorFolder });
  keepOldTurn(home);
  const { window } = await start(home);
  expect(await window.invoke('anchors.list', {})).toHaveLength(1);
  await window.type('Hello');
  const [newest, ...others] = await window.invoke('anchors.write', {});
  expect(others).toHaveLength(2);
  expect(others.map(({ elsewhere }) => elsewhere)).toContain(true);
  if (!newest) throw new Error('no anchor was written');
  const text = readFileSync(newest.path, 'utf8');
  const verify = (anchor: string) => window.invoke('log.verify', { sessionId: null, anchor });
  expect(await verify(text)).toMatchObject({ ok: true });
  const later = JSON.stringify({ ...JSON.parse(text), seq: newest.seq + 9 });
  expect(await verify(later)).toMatchObject({ ok: false, problems: [{ kind: 'tail-cut' }] });
  const foreign = JSON.stringify({ ...JSON.parse(text), log: '0'.repeat(32) });
  expect(await verify(foreign)).toMatchObject({ ok: false, problems: [{ kind: 'anchor-foreign' }] });
  await expect(verify('{}')).rejects.toMatchObject({ code: 'anchor-invalid' });
});

it('says of a turn what was erased of it, when and why', async () => {
  const { window } = await start(homeWith());
  const turn = await window.type('zebra-4711');
  await window.invoke('turns.redact', { turnId: turn.id, part: 'text', reason: 'a slip' });
  await window.invoke('turns.redact', { turnId: turn.id, part: 'all', reason: 'all of it' });
  const found = await window.invoke('sessions.get', { sessionId: turn.sessionId });
  expect(found.turns).toMatchObject([
    {
      user: { committed: '' },
      redactions: [
        { seq: expect.any(Number), at: expect.any(Number), part: 'text', reason: 'a slip' },
        { part: 'all', reason: 'all of it' },
      ],
    },
  ]);
  expect(commands['sessions.get'].output.parse(found)).toEqual(found);
});

it('shows what voice detection measured, and when each word sounds', async () => {
  const { window } = await start(homeWith());
  const turn = await window.say(await speech('Hello there, is anybody listening?'));
  const sound = await window.invoke('turns.sound', { turnId: turn.id });
  expect(commands['turns.sound'].output.parse(sound)).toEqual(sound);
  const inspection = await window.invoke('turns.inspect', { turnId: turn.id });
  expect(commands['turns.inspect'].output.parse(inspection)).toEqual(inspection);
  expect(inspection.vad).toEqual(sound.vad);
  const { vad, words } = sound;
  expect(vad).toMatchObject({ windowMs: 32, threshold: 0.5, modelSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(Math.abs(vad.probabilities.length * 32 - turn.user.audioMs)).toBeLessThanOrEqual(64);
  const [segment] = vad.segments;
  expect(segment?.endMs).toBeGreaterThan(segment?.startMs ?? Number.POSITIVE_INFINITY);
  expect(words.user.length).toBeGreaterThan(0);
  expect(words.user[0]?.startMs).toBeCloseTo(segment?.startMs ?? -1);
  const spoken = words.agent.map(({ from, to }) => turn.reply.text.slice(from, to));
  expect(spoken[0]).toBe(turn.reply.text.match(/[\p{L}\p{N}]+/u)?.[0]);
  expect(words.agent.at(-1)?.endMs).toBeLessThanOrEqual(turn.reply.audioMs + 1);
  for (const [index, word] of words.agent.entries()) {
    expect(word.startMs).toBeGreaterThanOrEqual(words.agent[index - 1]?.startMs ?? 0);
  }
});

it('shows that the log was damaged, and goes on with what could be read', async () => {
  const home = homeWith();
  keepOldTurn(home);
  writeFileSync(databasePath(home), 'no database '.repeat(1_000));
  const { window } = await start(home);
  const { notices } = await window.invoke('app.get', {});
  expect(notices).toContainEqual(
    expect.objectContaining({ level: 'error', message: expect.stringContaining('The log was damaged.') }),
  );
  expect(await window.type('Hello')).toMatchObject({ outcome: 'completed' });
});
