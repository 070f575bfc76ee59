/** Whatever happens to the disk, to single files or to the clock: nothing is lost, and what is said of it is so. */
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { backUp, listBackups, restore } from '../../../src-main/audit/backup/backup.ts';
import { openPrices } from '../../../src-main/audit/cost/prices.ts';
import { exportSessions } from '../../../src-main/audit/export/export-sessions.ts';
import { openReadOnlyLog } from '../../../src-main/audit/read-only-log.ts';
import { inFlightFile } from '../../../src-main/audit/store/audio-files.ts';
import { databasePath, openDatabase } from '../../../src-main/audit/store/database.ts';
import { lockHome } from '../../../src-main/audit/store/home-lock.ts';
import { verifyLog } from '../../../src-main/audit/verify/verification.ts';
import { Fault } from '../../../src-main/fault.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { smallDisk } from '../../support/small-disk.ts';
import { storedHome } from '../../support/stored-log.ts';
import { EventScript, noise } from '../../support/turns.ts';

/** A closed log with two turns in a session of their own each. */
function usedHome(home = temporaryHome()): string {
  const { log, close } = openLog(home);
  for (const which of [1, 2]) {
    const script = new EventScript(log.record, `session-${which}`);
    script.wholeTurn(`turn-${which}`, { user: `Words of ${which}`, reply: 'Noted' });
  }
  log.queries.getTurn('turn-1');
  close();
  return home;
}

const sound = (home: string, turnId: string) => join(home, 'audio', '2026-11', `${turnId}.user.wav`);

/** A file that is there and can't be opened, by nobody. */
function makeUnreadable(path: string): void {
  rmSync(path);
  symlinkSync(path, path);
}

function exportTo(home: string, out: string) {
  const request = { home, selection: { sessionIds: ['session-1'] }, format: 'wav', track: 'both', out } as const;
  return exportSessions(
    { ...request, replace: false, appVersion: '0.0.0-test' },
    { progress: () => {}, signal: new AbortController().signal },
  );
}

it('a recording that can’t be read is one problem among those that verification names', async () => {
  const home = usedHome();
  makeUnreadable(sound(home, 'turn-1'));
  writeFileSync(sound(home, 'turn-2'), 'altered');
  const { problems } = (await verifyLog(home)) ?? { problems: [] };
  expect(problems.map(({ kind, turnId }) => [kind, turnId])).toEqual([
    ['file-unreadable', 'turn-1'],
    ['file-altered', 'turn-2'],
  ]);
});

it('a broken anchor of its own does not keep a log from being verified, by the one before', async () => {
  const home = usedHome();
  const [anchor = ''] = readdirSync(join(home, 'anchors'));
  writeFileSync(join(home, 'anchors', anchor.replace(/-\d+/, '-000000000999')), '{"seq": 9');
  expect(await verifyLog(home)).toMatchObject({ ok: true });
  const database = new Database(databasePath(home));
  database.exec('DELETE FROM content WHERE entry_seq = (SELECT max(seq) FROM entry)');
  database.exec('DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)');
  database.close();
  const found = await verifyLog(home);
  expect(found?.problems).toContainEqual(expect.objectContaining({ kind: 'tail-cut' }));
});

it('a recording that became shorter is not filled up with other sound in an export, which names it', async () => {
  const home = usedHome();
  const out = join(home, 'out.wav');
  truncateSync(sound(home, 'turn-1'), 1_000);
  await expect(exportTo(home, out)).rejects.toMatchObject({
    code: 'export-sound-missing',
    message: expect.stringContaining('shorter'),
  });
  expect(globSync('out*', { cwd: home })).toEqual([]);
});

it('a message that was damaged hides no other, and its turn can still be redacted', async () => {
  const home = usedHome();
  const database = new Database(databasePath(home));
  database
    .prepare(
      "UPDATE content SET bytes = X'7B22' WHERE bytes IS NOT NULL AND entry_seq IN (SELECT seq FROM entry WHERE turn_id = 'turn-1')",
    )
    .run();
  database.close();
  const { log } = openLog(home);
  const sessions = log.queries.listSessions({ before: null, limit: 10 });
  expect(sessions.map(({ title }) => title).toSorted()).toEqual(['', 'Words of 2']);
  expect(log.queries.getSessionDetail('session-1')?.turns).toHaveLength(1);
  expect((await log.queries.summarizeUsage({ since: null, by: 'speaker' }))[0]).toMatchObject({ calls: 1 });
  expect(log.redactTurn('turn-1', 'all', 'damaged').contents).toBeGreaterThan(0);
});

it.each([
  "DELETE FROM session WHERE id = 'session-1'",
  "DELETE FROM turn WHERE id = 'turn-1'",
  "DELETE FROM entry WHERE turn_id = 'turn-1' AND kind = 'turn_ended'",
  "UPDATE turn SET session_id = 'nobody'",
  'INSERT INTO content_part VALUES (999, 999)',
])('a reference broken by hand is named, and what is left is shown and can be erased: %s', async (sql) => {
  const home = usedHome();
  const database = new Database(databasePath(home));
  database.pragma('foreign_keys = OFF');
  database.exec(sql);
  database.close();
  const { log, faults } = openLog(home);
  await log.recover();
  expect(log.queries.listSessions({ before: null, limit: 10 }).length).toBeGreaterThan(0);
  expect(log.queries.getSession('session-2')?.session.title).toBe('Words of 2');
  expect(await log.verify()).toMatchObject({ ok: false });
  log.deleteSession('session-2', 'test');
  expect(log.queries.getSession('session-2')).toBeNull();
  expect(faults).toEqual([]);
});

it('a write-ahead log without its database is set aside, not thrown away', async () => {
  const used = usedHome();
  const home = temporaryHome();
  const { log } = openLog(used);
  new EventScript(log.record, 'session-3').wholeTurn('turn-3', { user: 'Words of 3', reply: 'Noted' });
  log.queries.getTurn('turn-3');
  mkdirSync(join(home, 'log'));
  for (const suffix of ['-wal', '-shm']) cpSync(databasePath(used) + suffix, databasePath(home) + suffix);
  const ahead = readFileSync(`${databasePath(home)}-wal`);
  expect(ahead.length).toBeGreaterThan(0);
  const reopened = openLog(home).log;
  expect(reopened.salvaged?.reason).toContain('the database is gone');
  const kept = globSync('log/damaged-*/squelch.db-wal', { cwd: home });
  expect(kept.map((file) => readFileSync(join(home, file)).equals(ahead))).toEqual([true]);
  expect(await reopened.verify()).toMatchObject({ ok: true, recoveries: [{ keptAs: reopened.salvaged?.keptAs }] });
});

it('a crashed turn whose recording can’t be read keeps it, says so, and has it again once it can be', async () => {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  const script = new EventScript(log.record);
  script.begin('turn-1');
  for (let frame = 0; frame < 10; frame++) {
    script.emit({ type: 'audio_captured', turnId: 'turn-1', samples: noise(480, frame) });
  }
  close();
  const path = join(home, inFlightFile('turn-1', 'user'));
  const aside = join(home, 'aside.wav');
  renameSync(path, aside);
  mkdirSync(path);
  const second = openLog(home);
  await second.log.recover();
  expect(second.log.queries.getTurn('turn-1')?.error?.hint).toContain('could not be read; it is kept');
  second.close();
  rmSync(path, { recursive: true });
  renameSync(aside, path);
  // Its first block never reached the disk.
  const bytes = readFileSync(path).fill(0, 0, 44);
  writeFileSync(path, bytes);
  const third = openLog(home);
  await third.log.recover();
  expect(third.faults).toEqual([]);
  const file = readFileSync(third.log.queries.recordingFile('turn-1', 'user') ?? '');
  expect(file.subarray(44).equals(bytes.subarray(44))).toBe(true);
  expect(file.subarray(0, 4).toString()).toBe('RIFF');
  expect(await third.log.verify()).toMatchObject({ ok: true });
});

it('an erasure whose file could not go yet does it when asked again, instead of saying that nothing is left', () => {
  const home = usedHome();
  const path = sound(home, 'turn-1');
  rmSync(path);
  mkdirSync(path);
  const { log } = openLog(home);
  const redact = () => log.redactTurn('turn-1', 'audio', 'test');
  expect(redact).toThrow(expect.objectContaining({ stage: 'log' }));
  expect(redact).toThrow(expect.objectContaining({ stage: 'log' }));
  rmSync(path, { recursive: true });
  writeFileSync(path, 'back');
  expect(redact()).toMatchObject({ seq: null });
  expect(existsSync(path)).toBe(false);
});

it('retention goes on where somebody was faster, and counts only what it erased', async () => {
  const { log } = openLog(usedHome());
  const rules = { soundDays: null, allDays: 1, capMegabytes: null };
  const running = log.runRetention({ rules, now: Date.UTC(2030, 0, 1), except: null });
  log.deleteSession('session-1', 'by hand');
  expect(await running).toMatchObject({ sessions: { sessions: 1 } });
  expect(log.queries.listSessions({ before: null, limit: 10 })).toEqual([]);
});

it('backups of a clock that was ahead make room for those of now, and a broken one hides no other', async () => {
  const { log } = openLog(usedHome());
  const folder = temporaryHome();
  for (let day = 10; day < 17; day++) {
    const ahead = join(folder, `squelch-2126-01-${day}T00-00-00-000`);
    mkdirSync(ahead);
    writeFileSync(join(ahead, 'backup.json'), day === 10 ? '{' : '{"at": 1, "files": 0}');
  }
  const made = await log.backUp(folder);
  expect(existsSync(made.folder)).toBe(true);
  const again = await log.backUp(folder);
  expect([existsSync(made.folder), existsSync(again.folder), readdirSync(folder).length]).toEqual([true, true, 7]);
  writeFileSync(join(made.folder, 'backup.json'), '{');
  expect(listBackups(folder).map((one) => one.folder)).toContain(again.folder);
});

it('a backup that was made by somebody else writes nothing outside of the home that it is restored to', async () => {
  const { log } = openLog(usedHome());
  const { folder } = await log.backUp(temporaryHome());
  const database = new Database(databasePath(folder));
  database.exec("UPDATE content SET file = 'audio/../../escaped.wav' WHERE file LIKE '%turn-1.user.wav'");
  database.close();
  writeFileSync(join(dirname(folder), 'escaped.wav'), 'evil');
  const parent = temporaryHome();
  const restored = await restore(folder, join(parent, 'home'));
  expect(readdirSync(parent)).toEqual(['home']);
  expect((await verifyLog(restored.folder))?.problems).toMatchObject([{ kind: 'file-missing' }]);
});

it('a backup’s own full disk, and a file where its folder should be, are told as that', async (context) => {
  const disk = smallDisk(context, 'size=100k');
  const home = usedHome();
  const database = openDatabase(home);
  const refused = (folder: string) => expect(backUp({ home, database, folder })).rejects;
  await refused(join(disk.home, 'backup')).toMatchObject({ code: 'backup-not-written' });
  expect(readdirSync(disk.home)).toEqual([]);
  const file = join(home, 'a-file');
  writeFileSync(file, '');
  await refused(file).toMatchObject({ code: 'backup-target-in-use', message: `${file} is a file.` });
  const made = await backUp({ home, database, folder: join(temporaryHome(), 'whole') });
  await expect(restore(made.folder, join(disk.home, 'home'))).rejects.toMatchObject({ code: 'restore-not-written' });
  database.close();
});

it('a log of an earlier Squelch is shown also where the disk leaves no room to bring it up to date', (context) => {
  const disk = smallDisk(context);
  cpSync(storedHome(3), disk.home, { recursive: true });
  disk.remount('ro');
  const why = new Fault('log-not-writable', 'x', { hint: 'x' });
  const log = openReadOnlyLog(disk.home, why);
  expect(log?.queries.listSessions({ before: null, limit: 10 }).length).toBeGreaterThan(0);
  log?.close();
});

it('a home whose lock could not be signed can be locked by the same Squelch once it can be', () => {
  const home = temporaryHome();
  const signature = join(home, 'squelch.lock.json');
  mkdirSync(signature);
  expect(() => lockHome(home)).toThrow(expect.objectContaining({ stage: 'log' }));
  rmSync(signature, { recursive: true });
  lockHome(home).release();
});

it('redacting on a full disk is done or refused, whatever space is left', async (context) => {
  const disk = smallDisk(context);
  usedHome(disk.home);
  const { log } = openLog(disk.home);
  const outcomes = new Set<string>();
  for (let left = 0; left <= 160_000; left += 8_192) {
    const free = disk.fill(left);
    try {
      log.redactTurn('turn-1', 'text', `with ${left} bytes left`);
      outcomes.add('done');
    } catch (thrown) {
      outcomes.add((thrown as Fault).code);
    }
    free();
  }
  expect([...outcomes].toSorted()).toEqual(['done', 'log-disk-full']);
  expect(await log.verify()).toMatchObject({ ok: true });
  expect(log.queries.getTurn('turn-1')?.user.committed).toBe('');
});

it('prices that can’t be read are told of, and nothing else stops', () => {
  const home = usedHome();
  mkdirSync(join(home, 'prices.json'));
  const prices = openPrices(home);
  expect(prices.problem).toContain('can’t be read');
  const price = { server: 'here', model: 'm', input: 1, output: 1 };
  expect(() => prices.set(price)).toThrow(expect.objectContaining({ code: 'prices-unusable' }));
});
