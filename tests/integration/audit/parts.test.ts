import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { takeApart } from '../../../src-main/audit/chain/parts.ts';
import { databasePath } from '../../../src-main/audit/store/database.ts';
import { verifyLog } from '../../../src-main/audit/verify/verification.ts';
import { withCall } from '../../../src-main/speech/call.ts';
import { type OpenedLog, openLog, temporaryHome } from '../../support/audit.ts';
import { EventScript, noise } from '../../support/turns.ts';

const IMAGE = Buffer.from(noise(60_000, 7).buffer).toString('base64');
const DOCUMENT = 'Squelch keeps the noise out. \\n\\"So\\" it says. 静噪 '.repeat(60);

/** What a turn's request to the model was, byte by byte. */
function bodyOf(turn: number): string {
  const content = [
    { type: 'image_url', image_url: { url: `data:image/png;base64,${IMAGE}` } },
    { type: 'text', text: 'What is it?' },
  ];
  return `{"model":"m", "messages":[{"role":"system","content":"${DOCUMENT}"},{"role":"user","content":${JSON.stringify(content)}},"turn ${turn}"]}`;
}

async function usedHome(turns: number): Promise<OpenedLog & { home: string }> {
  const home = temporaryHome();
  const opened = openLog(home, async () => new Response('A radio.'));
  const script = new EventScript(opened.log.record);
  for (let turn = 0; turn < turns; turn++) {
    const turnId = `turn-${turn}`;
    script.begin(turnId, { source: 'text' });
    await withCall({ turnId, stage: 'llm' }, async () => {
      await (await opened.log.recordingFetch('http://127.0.0.1:9/', { method: 'POST', body: bodyOf(turn) })).text();
    });
    script.end(turnId, 'completed');
  }
  return { ...opened, home };
}

function sentIn(log: OpenedLog['log'], turnId: string): unknown {
  return log.queries.getTurnDetail(turnId)?.requests.map(({ body }) => body);
}

function filesWith(home: string, text: string): string[] {
  return globSync('**/*', { cwd: home, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text));
}

it('keeps what requests repeat once, and shows each as it was sent', async () => {
  const { home, log, close } = await usedHome(20);
  for (const turn of [0, 7, 19]) expect(sentIn(log, `turn-${turn}`)).toEqual([{ text: bodyOf(turn) }]);
  close();
  const bytes = readFileSync(databasePath(home));
  expect(bytes.length).toBeLessThan(2 * IMAGE.length + 20 * 8_000);
  expect(await verifyLog(home)).toMatchObject({ ok: true, problems: [] });
});

it('takes apart a body of many megabytes, whatever is escaped in it', () => {
  const strings = ['\\\\', '\\"', `\\"${'a'.repeat(20_000_000)}\\\\`, 'b'.repeat(1_024), 'c'.repeat(1_023)];
  const parted = takeApart(Buffer.from(`{"s":[${strings.map((text) => `"${text}"`).join(',')}]}`));
  expect(parted?.parts.map(({ bytes }) => bytes.length)).toEqual([20_000_004, 1_024]);
});

it('takes apart only what comes back the same', () => {
  const long = 'x'.repeat(2_000);
  expect(takeApart(Buffer.from(`{"a":"${long}"}`))?.parts).toHaveLength(1);
  expect(takeApart(Buffer.from(`{"a":"${'x'.repeat(500)}","b":"${'y'.repeat(900)}"}`))).toBeNull();
  expect(takeApart(Buffer.from(`plain ${long}`))).toBeNull();
  expect(
    takeApart(Buffer.concat([Buffer.from(`{"a":"${long}","b":"`), Buffer.from([0xff, 0xfe]), Buffer.from('"}')])),
  ).toBeNull();
});

it('forgets a part with the last request that names it, to the last byte', async () => {
  const { home, log, close } = await usedHome(2);
  const sample = IMAGE.slice(2_000, 2_060);
  log.redactTurn('turn-1', 'all', 'private');
  expect(sentIn(log, 'turn-0')).toEqual([{ text: bodyOf(0) }]);
  expect(sentIn(log, 'turn-1')).toEqual([{ redacted: true }]);
  expect(filesWith(home, sample)).not.toEqual([]);
  log.deleteSession('session-1', 'private');
  close();
  expect(filesWith(home, sample)).toEqual([]);
  expect(filesWith(home, '静噪')).toEqual([]);
  expect(await verifyLog(home)).toMatchObject({ ok: true, problems: [] });
});

it('notices a part that is altered, gone, put in another’s place or added', async () => {
  const tampered = async (sql: string) => {
    const { home, close } = await usedHome(2);
    close();
    const database = new Database(databasePath(home));
    database.pragma('foreign_keys = OFF');
    database.exec(sql);
    database.close();
    return (await verifyLog(home))?.problems.map(({ kind, turnId }) => `${kind} ${turnId}`).sort();
  };
  const flip = "UPDATE part SET bytes = CAST(replace(CAST(bytes AS TEXT), 'noise', 'voice') AS BLOB)";
  expect(await tampered(flip)).toEqual(['content-altered turn-0', 'content-altered turn-1']);
  expect(await tampered('DELETE FROM part WHERE id = 1')).toEqual(
    expect.arrayContaining(['content-missing turn-0', 'content-missing turn-1']),
  );
  const exchange = `UPDATE part SET sha256 = zeroblob(32) WHERE id = 1;
    UPDATE part SET sha256 = (SELECT sha256 FROM part WHERE id = 2) WHERE id = 9`;
  expect(await tampered(exchange)).toEqual(expect.arrayContaining(['content-missing turn-0']));
  expect(await tampered("INSERT INTO part (sha256, bytes) VALUES (zeroblob(32), x'00')")).toEqual([
    'content-unknown null',
  ]);
});

it('loses with a damaged part the requests that name it, and says so', async () => {
  const { home, close } = await usedHome(2);
  close();
  const bytes = readFileSync(databasePath(home));
  for (let at = bytes.indexOf('静噪'); at !== -1; at = bytes.indexOf('静噪')) {
    const page = Math.floor(at / 4_096);
    bytes.fill(0xa5, page * 4_096, (page + 1) * 4_096);
  }
  writeFileSync(databasePath(home), bytes);
  // As a crash leaves it, so that the next start looks closely.
  writeFileSync(`${databasePath(home)}-wal`, 'not a log, but there');
  const { log, close: closeAgain } = openLog(home);
  await log.recover();
  const lost = log.salvaged?.lostContents.map(({ name }) => name);
  expect(lost).toEqual(['request.body', 'request.body']);
  expect(sentIn(log, 'turn-0')).toEqual([null]);
  expect(log.queries.getTurn('turn-1')).toMatchObject({ outcome: 'completed' });
  closeAgain();
  expect(await verifyLog(home)).toMatchObject({ ok: true, problems: [], recoveries: [expect.anything()] });
});
