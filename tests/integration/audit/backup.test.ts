import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { backUp, backupTime, newestBackup, restore } from '../../../src-main/audit/backup/backup.ts';
import { openDatabaseForReading } from '../../../src-main/audit/store/database.ts';
import { verifyLog } from '../../../src-main/audit/verify/verification.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { EventScript } from '../../support/turns.ts';

function used() {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  const script = new EventScript(log.record);
  /** Keeps a turn, and waits for its sound. */
  const keep = (turnId: string) => {
    script.wholeTurn(turnId, { user: `Words of ${turnId}`, reply: 'Noted' });
    expect(log.queries.getTurn(turnId)?.outcome).toBe('completed');
  };
  keep('turn-1');
  keep('turn-2');
  return { home, log, keep, close };
}

const sounds = (folder: string) => globSync('audio/*/*.wav', { cwd: folder }).toSorted();

it('is a data folder of its own, made while the log is in use, and verifies', async () => {
  const { home, log, keep } = used();
  writeFileSync(join(home, 'settings.json'), '{"appearance":"dark"}');
  const folder = temporaryHome();
  const making = log.backUp(folder);
  keep('turn-3');
  const backup = await making;
  expect(backup).toMatchObject({ folder: newestBackup(folder), files: 6 });
  expect(await verifyLog(backup.folder)).toMatchObject({ ok: true, entries: backup.entries });
  expect(sounds(backup.folder)).toEqual(sounds(home));
  expect(readFileSync(join(backup.folder, 'settings.json'), 'utf8')).toContain('dark');
  expect(readdirSync(folder)).toHaveLength(1);
});

it('is whole also when a turn is redacted while its sound is being copied, and holds nothing of it', async () => {
  const { home, log, keep } = used();
  for (let turn = 3; turn <= 12; turn++) keep(`turn-${turn}`);
  const folder = temporaryHome();
  const making = log.backUp(folder);
  const copied = () => globSync('*/audio/*/*.wav', { cwd: folder });
  while (copied().length === 0) await setImmediate();
  expect(copied().length, 'the others are still to come').toBeLessThan(12);
  expect(log.redactTurn('turn-1', 'audio', 'copied already').files).toBe(2);
  expect(log.redactTurn('turn-12', 'audio', 'not copied yet').files).toBe(2);
  const backup = await making;
  expect(await verifyLog(backup.folder)).toMatchObject({ ok: true, problems: [], entries: backup.entries });
  expect(sounds(backup.folder)).toEqual(sounds(home));
  expect(backup.files).toBe(20);
});

/** What somebody makes of their Squelch besides talking to it. */
const OWN = [
  'settings.json',
  'personas.json',
  'prices.json',
  'anchors/0123abcd-000000000001.json',
  'agents/mine.ts',
  'agents/lib/shared.ts',
  'vad-presets/my-desk.json',
  'vad-labels/turn-1.wav.json',
  'audio/orphans/turn-0.user.wav',
];
/** Made again by itself, or of no use elsewhere. */
const NOT_OWN = ['keys.json', 'vad-cache/a.bin', 'exports/out.mp3', 'agents/node_modules/left/index.js'];

it('holds what else its owner has made, and a restored home has it again', async () => {
  const { home, log, close } = used();
  for (const file of [...OWN, ...NOT_OWN]) {
    mkdirSync(dirname(join(home, file)), { recursive: true });
    writeFileSync(join(home, file), `what ${file} holds`);
  }
  const backup = await log.backUp(temporaryHome());
  close();
  const restored = join(temporaryHome(), 'restored');
  await restore(backup.folder, restored);
  for (const folder of [backup.folder, restored]) {
    for (const file of OWN) expect(readFileSync(join(folder, file), 'utf8')).toBe(`what ${file} holds`);
    for (const file of NOT_OWN) expect(existsSync(join(folder, file)), file).toBe(false);
  }
});

it('restores a backup of an earlier Squelch, which had less in it', async () => {
  const { log, close } = used();
  const backup = await log.backUp(temporaryHome());
  close();
  expect(readdirSync(backup.folder).toSorted()).toEqual(['audio', 'backup.json', 'log']);
  const restored = join(temporaryHome(), 'restored');
  expect(await restore(backup.folder, restored)).toMatchObject({ entries: backup.entries, files: 4 });
});

it('links what an earlier backup has, and copies what the home has', async () => {
  const { home, keep } = used();
  const folder = temporaryHome();
  const database = openDatabaseForReading(home);
  if (!database) throw new Error('no log');
  const first = await backUp({ home, database, folder: join(folder, 'first') });
  keep('turn-3');
  const second = await backUp({ home, database, folder: join(folder, 'second'), earlier: first.folder });
  database.close();
  const links = (file: string) => statSync(join(second.folder, file)).nlink;
  expect(sounds(second.folder).map(links)).toEqual([2, 2, 2, 2, 1, 1]);
  expect(sounds(home).map((file) => statSync(join(home, file)).nlink)).toEqual([1, 1, 1, 1, 1, 1]);
});

it('restores into a home that goes on from there', async () => {
  const { home, log, close } = used();
  const backup = await log.backUp(temporaryHome());
  close();
  const restored = join(temporaryHome(), 'restored');
  expect(await restore(backup.folder, restored)).toMatchObject({ entries: backup.entries, files: 4 });
  expect(sounds(restored)).toEqual(sounds(home));
  const opened = openLog(restored);
  expect(opened.log.queries.getTurn('turn-1')?.user.committed).toBe('Words of turn-1');
  new EventScript(opened.log.record).wholeTurn('turn-4', { user: 'On', reply: 'Yes' });
  expect(await verifyLog(restored)).toMatchObject({ ok: true });
  expect(await verifyLog(backup.folder)).toMatchObject({ ok: true, entries: backup.entries });
});

it('restores what was written to a backup that is in use, and takes nothing from whoever uses it', async () => {
  const { log } = used();
  const { folder } = await log.backUp(temporaryHome());
  const other = openLog(folder);
  const script = new EventScript(other.log.record, 'other');
  script.wholeTurn('turn-4', { user: 'Written over there', reply: 'Yes' });
  expect(other.log.queries.getTurn('turn-4')?.outcome).toBe('completed');
  const restored = join(temporaryHome(), 'restored');
  await restore(folder, restored);
  expect(await verifyLog(restored)).toMatchObject({ ok: true, problems: [] });
  expect(openLog(restored).log.queries.getTurn('turn-4')?.user.committed).toBe('Written over there');
  script.wholeTurn('turn-5', { user: 'And on', reply: 'Yes' });
  other.close();
  expect(await verifyLog(folder)).toMatchObject({ ok: true, problems: [] });
  expect(openLog(folder).log.queries.getTurn('turn-5')?.outcome).toBe('completed');
});

it('overwrites nothing: no used home, no folder that holds something', async () => {
  const { home, log } = used();
  const backup = await log.backUp(temporaryHome());
  await expect(restore(backup.folder, home)).rejects.toMatchObject({ code: 'home-not-empty' });
  const database = openDatabaseForReading(home);
  if (!database) throw new Error('no log');
  const taken = temporaryHome();
  writeFileSync(join(taken, 'mine'), '');
  await expect(backUp({ home, database, folder: taken })).rejects.toMatchObject({ code: 'backup-target-in-use' });
  const file = join(taken, 'mine');
  await expect(backUp({ home, database, folder: file })).rejects.toThrow('is a file.');
  await expect(restore(backup.folder, file)).rejects.toThrow('is a file, and');
  const blocked = join(taken, 'mine', 'below a file');
  await expect(backUp({ home, database, folder: blocked })).rejects.toMatchObject({ code: 'backup-not-written' });
  database.close();
  expect(readdirSync(taken)).toEqual(['mine']);
});

it('takes only a complete backup for one', async () => {
  const { home } = used();
  const target = join(temporaryHome(), 'new');
  const empty = temporaryHome();
  for (const folder of [home, empty, join(empty, 'missing')]) {
    await expect(restore(folder, target)).rejects.toMatchObject({ code: 'backup-invalid' });
  }
  expect(existsSync(target)).toBe(false);
});

it('restores nothing into the backup itself, which is to stay as it is', async () => {
  const { log } = used();
  const { folder } = await log.backUp(temporaryHome());
  const before = readdirSync(folder);
  await expect(restore(folder, join(folder, 'in'))).rejects.toMatchObject({ code: 'restore-within-backup' });
  expect(readdirSync(folder)).toEqual(before);
});

it('keeps the last seven of a row, and touches nothing else in the folder', async () => {
  const { log } = used();
  const folder = temporaryHome();
  mkdirSync(join(folder, 'photographs'));
  for (let day = 10; day < 20; day++) {
    const old = join(folder, `squelch-2020-01-${day}T00-00-00-000`);
    mkdirSync(old);
    writeFileSync(join(old, 'backup.json'), '{}');
  }
  const { folder: newest } = await log.backUp(folder);
  expect(readdirSync(folder)).toHaveLength(8);
  expect(readdirSync(folder)).toContain('photographs');
  expect(newestBackup(folder)).toBe(newest);
  expect(backupTime(`${folder}/squelch-2020-01-19T10-20-30-400`)).toBe(Date.UTC(2020, 0, 19, 10, 20, 30, 400));
});

it('takes away what a killed backup has left, and nothing that another may still fill', async () => {
  const { log } = used();
  const folder = temporaryHome();
  const machine = hostname().replace(/[^\w-]/g, '_');
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const name = 'squelch-2020-01-10T00-00-00-000.partial-';
  const leftovers = [`${name}${machine}-${dead}`, `${name}${machine}-${process.pid}`];
  const others = [
    `${name}${machine}-${process.ppid}`,
    `${name}elsewhere.example-${dead}`,
    `${name}elsewhere-${dead}`,
    `photographs.partial-${machine}-${dead}`,
    `photographs.partial-${dead}`,
  ];
  for (const partial of [...leftovers, ...others]) {
    mkdirSync(join(folder, partial, 'log'), { recursive: true });
    writeFileSync(join(folder, partial, 'log', 'squelch.db'), 'half');
  }
  const { folder: made } = await log.backUp(folder);
  expect(
    readdirSync(folder)
      .map((entry) => join(folder, entry))
      .toSorted(),
  ).toEqual([made, ...others.map((entry) => join(folder, entry))].toSorted());
});

it('takes away what a killed restore has left beside the home that it was making', async () => {
  const { log } = used();
  const backup = await log.backUp(temporaryHome());
  const parent = temporaryHome();
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  mkdirSync(join(parent, `new.partial-${hostname().replace(/[^\w-]/g, '_')}-${dead}`));
  await restore(backup.folder, join(parent, 'new'));
  expect(readdirSync(parent)).toEqual(['new']);
});

it('waits for no backup that a wrong clock has dated into the future', async () => {
  const folder = temporaryHome();
  const made = (name: string) => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'backup.json'), '{}');
  };
  made('squelch-2999-01-10T00-00-00-000');
  expect(newestBackup(folder)).toBeNull();
  made('squelch-2020-01-10T00-00-00-000');
  expect(newestBackup(folder)).toBe(join(folder, 'squelch-2020-01-10T00-00-00-000'));
});
