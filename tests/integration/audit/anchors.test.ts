import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openAuditLog } from '../../../src-main/audit/audit-log.ts';
import { anchorFolder, makeAnchor, readAnchor } from '../../../src-main/audit/chain/anchors.ts';
import { databasePath, openDatabase } from '../../../src-main/audit/store/database.ts';
import { lockHome } from '../../../src-main/audit/store/home-lock.ts';
import { verifyLog } from '../../../src-main/audit/verify/verification.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { EventScript } from '../../support/turns.ts';

function keepTurns(home: string, ...turnIds: string[]): void {
  const { log, close } = openLog(home);
  const script = new EventScript(log.record);
  for (const turnId of turnIds) script.wholeTurn(turnId, { user: turnId, reply: 'Noted' });
  close();
}

function anchorOf(home: string) {
  const [name] = readdirSync(anchorFolder(home)).sort().slice(-1);
  return readAnchor(join(anchorFolder(home), name as string));
}

async function kinds(home: string, anchor = anchorOf(home)): Promise<string[]> {
  const verification = await verifyLog(home, { anchor });
  return verification?.problems.map(({ kind }) => kind) ?? [];
}

it('is left in the home at the end, once for each state of the log', async () => {
  const home = temporaryHome();
  keepTurns(home, 'turn-1');
  keepTurns(home);
  keepTurns(home, 'turn-2');
  expect(readdirSync(anchorFolder(home))).toHaveLength(2);
  const database = openDatabase(home);
  const now = makeAnchor(database);
  database.close();
  expect(anchorOf(home)).toMatchObject({ log: now?.log, seq: now?.seq, head: now?.head });
  expect(await kinds(home)).toEqual([]);
});

it('is left in a folder of the user’s choice too; a folder that can’t be written is told of', () => {
  const home = temporaryHome();
  const chosen = join(temporaryHome(), 'usb', 'anchors');
  const faults: string[] = [];
  for (const folder of [chosen, join(databasePath(home), 'below a file')]) {
    const lock = lockHome(home);
    const log = openAuditLog(lock, {
      appVersion: 'test',
      onFault: ({ code }) => void faults.push(code),
      anchorFolder: () => folder,
    });
    new EventScript(log.record, folder).begin(`turn-${faults.length}-${folder.length}`, { source: 'text' });
    log.close();
    lock.release();
  }
  expect(readdirSync(chosen)).toHaveLength(1);
  expect(faults).toEqual(['log-not-writable']);
});

it('finds a log whose end was cut off', async () => {
  const home = temporaryHome();
  keepTurns(home, 'turn-1');
  keepTurns(home, 'turn-2');
  const anchor = anchorOf(home);
  rmSync(anchorFolder(home), { recursive: true });
  const database = openDatabase(home);
  database.exec(`
    DELETE FROM content WHERE entry_seq IN (SELECT seq FROM entry WHERE turn_id = 'turn-2');
    DELETE FROM entry WHERE turn_id = 'turn-2'; DELETE FROM turn WHERE id = 'turn-2'`);
  database.close();
  expect((await verifyLog(home))?.problems).toEqual([]);
  expect(await kinds(home, anchor)).toEqual(['tail-cut']);
});

it('finds an older copy that was put back, also one that went on from there', async () => {
  const home = temporaryHome();
  keepTurns(home, 'turn-1');
  const older = temporaryHome();
  cpSync(home, older, { recursive: true });
  keepTurns(home, 'turn-2');
  const anchor = anchorOf(home);
  expect(await kinds(older, anchor)).toEqual(['tail-cut']);
  keepTurns(older, 'turn-3', 'turn-4');
  expect(await kinds(older, anchor)).toEqual(['history-replaced']);
});

it('finds by itself that the end was cut off, by the anchor in the home', async () => {
  const home = temporaryHome();
  keepTurns(home, 'turn-1');
  const older = readFileSync(databasePath(home));
  keepTurns(home, 'turn-2');
  writeFileSync(databasePath(home), older);
  expect((await verifyLog(home))?.problems).toMatchObject([{ kind: 'tail-cut' }]);
});

it('tells another log’s anchor from its own', async () => {
  const [home, other] = [temporaryHome(), temporaryHome()];
  keepTurns(home, 'turn-1');
  keepTurns(other, 'turn-1');
  expect(await kinds(home, anchorOf(other))).toEqual(['anchor-foreign']);
});

it('is refused when it is none', () => {
  const folder = temporaryHome();
  mkdirSync(join(folder, 'a folder'));
  writeFileSync(join(folder, 'text'), 'head: 1');
  writeFileSync(join(folder, 'other'), '{"seq":1}');
  for (const name of ['a folder', 'text', 'other', 'missing']) {
    expect(() => readAnchor(join(folder, name))).toThrow(expect.objectContaining({ code: 'anchor-invalid' }));
  }
});
