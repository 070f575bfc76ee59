import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { anchorFolder } from '../../../src-main/audit/chain/anchors.ts';
import { databasePath } from '../../../src-main/audit/store/database.ts';
import { verifyLog } from '../../../src-main/audit/verify/verification.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { EventScript } from '../../support/turns.ts';

const PAGE = 4_096;
const TURNS = 40;

function usedHome(): string {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  const script = new EventScript(log.record);
  for (let turn = 0; turn < TURNS; turn++) {
    script.wholeTurn(`turn-${turn}`, { user: `Words of ${turn}. `.repeat(20), reply: 'Noted' });
  }
  close();
  return home;
}

/** Makes every page unreadable on which these words are. */
function damage(home: string, ...words: string[]): Buffer {
  const bytes = readFileSync(databasePath(home));
  for (const word of words) {
    for (let at = bytes.indexOf(word); at !== -1; at = bytes.indexOf(word)) {
      const page = Math.floor(at / PAGE);
      bytes.fill(0xa5, page * PAGE, (page + 1) * PAGE);
    }
  }
  writeFileSync(databasePath(home), bytes);
  return bytes;
}

/** As a crash leaves it: with a write-ahead log that is not empty, so that the next start looks closely. */
function cutOff(home: string): void {
  writeFileSync(`${databasePath(home)}-wal`, 'not a log, but there');
}

async function afterSalvage(home: string) {
  const opened = openLog(home);
  await opened.log.recover();
  const readable = Array.from({ length: TURNS }, (_, turn) => opened.log.queries.getTurn(`turn-${turn}`)).filter(
    (turn) => turn?.user.committed.startsWith('Words of'),
  );
  return { ...opened, readable: readable.length };
}

it('carries over what can be read, keeps the damaged files, and says what is missing', async () => {
  const home = usedHome();
  rmSync(anchorFolder(home), { recursive: true });
  const damaged = damage(home, 'Words of 20. ', 'Words of 30. ');
  cutOff(home);
  const { log, readable, close } = await afterSalvage(home);
  expect(log.salvaged).toMatchObject({ keptAs: expect.stringMatching(/^log\/damaged-2/) });
  const { keptAs, entries } = log.salvaged as NonNullable<typeof log.salvaged>;
  expect(readFileSync(join(home, keptAs, 'squelch.db')).equals(damaged)).toBe(true);
  expect(readable).toBeGreaterThan(TURNS / 2);
  expect(readable).toBeLessThan(TURNS);

  new EventScript(log.record).wholeTurn('turn-after', { user: 'It goes on', reply: 'Yes' });
  const verification = await verifyLog(home);
  expect(verification).toMatchObject({ ok: true, recoveries: [{ keptAs }] });
  expect(verification?.entries).toBeGreaterThan(entries);
  close();
  const again = openLog(home);
  expect(again.log.salvaged).toBeNull();
});

it('still finds what was altered among what it carried over', async () => {
  const home = usedHome();
  const bytes = damage(home, 'Words of 30. ');
  bytes.write('w', bytes.indexOf('Words of 3. '));
  writeFileSync(databasePath(home), bytes);
  cutOff(home);
  await afterSalvage(home);
  const verification = await verifyLog(home);
  expect(verification).toMatchObject({ ok: false, recoveries: [expect.anything()] });
  expect(verification?.problems.map(({ kind }) => kind)).toContain('content-altered');
});

it('begins anew when nothing can be read, and keeps the file', async () => {
  const home = usedHome();
  writeFileSync(databasePath(home), 'These are not the bytes you are looking for. '.repeat(500));
  const { log, readable } = await afterSalvage(home);
  expect(readable).toBe(0);
  expect(log.salvaged).toMatchObject({ entries: 0 });
  expect(readFileSync(join(home, log.salvaged?.keptAs ?? '', 'squelch.db'), 'utf8')).toContain('not the bytes');
  new EventScript(log.record, 'session-2').wholeTurn('turn-after', { user: 'It goes on', reply: 'Yes' });
  expect(await verifyLog(home)).toMatchObject({ ok: true, recoveries: [expect.anything()] });
});

it('leaves a whole log alone after a crash', async () => {
  const home = usedHome();
  cutOff(home);
  const { log, readable } = await afterSalvage(home);
  expect(log.salvaged).toBeNull();
  expect(readable).toBe(TURNS);
});

it('finishes a replacement that was cut off between its two moves', async () => {
  const home = usedHome();
  const folder = dirname(databasePath(home));
  renameSync(databasePath(home), join(folder, 'saved.db'));
  mkdirSync(join(folder, 'damaged-earlier'));
  const { log, readable } = await afterSalvage(home);
  expect(log.salvaged).toBeNull();
  expect(readable).toBe(TURNS);
  expect(existsSync(join(folder, 'saved.db'))).toBe(false);
  expect(readdirSync(folder)).toContain('damaged-earlier');
});
