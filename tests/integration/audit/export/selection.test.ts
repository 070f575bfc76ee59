import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { startExport } from '../../../../src-main/audit/export/start-export.ts';
import type { ExportSelection } from '../../../../src-preload/contract.ts';
import type { ExportFormat } from '../../../../src-preload/export-formats.ts';
import { openLog, temporaryHome } from '../../../support/audit.ts';
import { makeLongLog } from '../../../support/long-log.ts';
import { EventScript, STARTED_AT } from '../../../support/turns.ts';

const NO_CONTROL = { progress: () => {}, signal: new AbortController().signal };
const DAY_MS = 86_400_000;

interface ExportedDocument {
  readonly session: { readonly id: string };
  readonly partial: boolean;
  readonly turns: readonly unknown[];
}

/** Three sessions a day apart, of three turns each: one about zebras in each. */
function usedHome(): string {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  for (const [day, session] of ['a', 'b', 'c'].entries()) {
    const script = new EventScript(log.record, session, STARTED_AT + day * DAY_MS);
    for (const turn of [1, 2, 3]) {
      const user = turn === 2 ? `A zebra for ${session}` : `Words ${turn} of ${session}`;
      script.wholeTurn(`${session}${turn}`, { user, reply: `Reply to ${session}${turn}` });
    }
  }
  close();
  return home;
}

async function exported(home: string, selection: ExportSelection, format: ExportFormat) {
  const out = join(home, `out.${format}`);
  const request = { home, selection, format, track: 'both' as const, out, replace: true, appVersion: '9.9' };
  const result = await startExport(request, NO_CONTROL);
  return { result, bytes: readFileSync(out) };
}

function rows(bytes: Buffer): string[] {
  return bytes.toString('utf8').trimEnd().split('\r\n').slice(1);
}

it('writes several sessions as one file, in the order in which they began', async () => {
  const home = usedHome();
  const all = { sessionIds: ['c', 'a', 'b', 'a'] };
  const csv = await exported(home, all, 'csv');
  expect(csv.result).toMatchObject({ sessions: 3, turns: 9 });
  expect(rows(csv.bytes).map((row) => row.split(',')[1])).toEqual('a1 a2 a3 b1 b2 b3 c1 c2 c3'.split(' '));

  const document = JSON.parse((await exported(home, all, 'json')).bytes.toString('utf8'));
  expect(document).toMatchObject({ format: 'squelch-sessions', version: 2, anchor: { format: 'squelch-anchor' } });
  expect(document.sessions.map((one: ExportedDocument) => [one.session.id, one.partial, one.turns.length])).toEqual([
    ['a', false, 3],
    ['b', false, 3],
    ['c', false, 3],
  ]);
  const starts = document.sessions.map(({ timeline }: { timeline: { startMs: number } }) => timeline.startMs);
  const { durationMs } = document.sessions[0].timeline;
  expect(starts[1]).toBeCloseTo(durationMs + 1_000);

  const lines = (await exported(home, all, 'jsonl')).bytes.toString('utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).type)).toEqual(
    'session turn turn turn session turn turn turn session turn turn turn'.split(' '),
  );
  const markdown = (await exported(home, all, 'md')).bytes.toString('utf8');
  expect(markdown.match(/^# .*/gm)).toEqual(['# Words 1 of a', '# Words 1 of b', '# Words 1 of c']);
});

it('puts the sound of several sessions one after the other, with subtitles that fit', async () => {
  const home = usedHome();
  const selection = { sessionIds: ['a', 'b'] };
  const { result, bytes } = await exported(home, selection, 'wav');
  const one = await exported(home, { sessionIds: ['a'] }, 'wav');
  expect(bytes.length - 44).toBeCloseTo(2 * (one.bytes.length - 44) + 24_000 * 4, -3);
  const secondStart = one.bytes.length - 44 + 24_000 * 4;
  const startOfFirst = one.bytes.subarray(44).findIndex((byte) => byte !== 0);
  const startOfSecond = bytes.subarray(44 + secondStart).findIndex((byte) => byte !== 0);
  expect(Math.abs(startOfFirst - startOfSecond)).toBeLessThan(200);
  const subtitles = (await exported(home, selection, 'vtt')).bytes.toString('utf8');
  const ends = [...subtitles.matchAll(/--> (\d+):(\d+):([\d.]+)/g)].map(
    ([, hours, minutes, seconds]) => Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
  );
  expect(ends).toHaveLength(12);
  expect(ends.at(-1)).toBeLessThanOrEqual(result.durationMs / 1000 + 0.01);

  const files = unzipSync((await exported(home, selection, 'zip')).bytes);
  expect(Object.keys(files).sort()).toEqual([
    'anchor.json',
    'audio.mp3',
    'index.html',
    'sessions.json',
    'subtitles.vtt',
  ]);
  const page = Buffer.from(files['index.html'] ?? []).toString('utf8');
  expect(page.match(/<h[12]>[^<]*/g)).toEqual(['<h1>2 conversations', '<h2>Words 1 of a', '<h2>Words 1 of b']);
});

it('writes only the turns that were chosen, close together where others lay between', async () => {
  const home = usedHome();
  const { result, bytes } = await exported(home, { turnIds: ['a3', 'a1', 'b2'] }, 'json');
  expect(result).toMatchObject({ sessions: 2, turns: 3 });
  const { sessions } = JSON.parse(bytes.toString('utf8'));
  expect(sessions.map(({ partial }: { partial: boolean }) => partial)).toEqual([true, true]);
  const [first, third] = sessions[0].turns;
  expect([first.id, third.id]).toEqual(['a1', 'a3']);
  expect(third.timeline.startMs).toBeCloseTo(first.timeline.endMs + 1_000, -2);
});

it('writes what a search finds', async () => {
  const home = usedHome();
  const { result, bytes } = await exported(home, { search: { query: 'zebra', filter: {} } }, 'csv');
  expect(result).toMatchObject({ sessions: 3, turns: 3 });
  expect(rows(bytes).map((row) => row.split(',')[1])).toEqual(['a2', 'b2', 'c2']);
  const since = await exported(home, { search: { query: '', filter: { since: STARTED_AT + DAY_MS } } }, 'csv');
  expect(since.result).toMatchObject({ sessions: 2, turns: 6 });
});

it('refuses what is not there, finds nothing or is too much, and leaves no file', async () => {
  const home = usedHome();
  const refused = (selection: ExportSelection) => expect(exported(home, selection, 'csv')).rejects;
  await refused({ sessionIds: ['a', 'nobody'] }).toMatchObject({ code: 'session-unknown' });
  await refused({ turnIds: ['a1', 'nothing'] }).toMatchObject({ code: 'turn-unknown' });
  await refused({ search: { query: 'xylophone', filter: {} } }).toMatchObject({ code: 'export-empty' });
  await refused({ search: { query: '?!', filter: {} } }).toMatchObject({ code: 'query-empty' });
  const tooMany = Array.from({ length: 10_001 }, (_, index) => `s${index}`);
  await refused({ sessionIds: tooMany }).toMatchObject({ code: 'selection-too-large' });
  expect(() => readFileSync(join(home, 'out.csv'))).toThrow();
});

it('takes ten thousand sessions', async () => {
  const home = temporaryHome();
  makeLongLog(home, { sessions: 10_000, turns: 1 });
  const sessionIds = ['s', ...Array.from({ length: 9_999 }, (_, index) => `s${index + 1}`)];
  const { result, bytes } = await exported(home, { sessionIds }, 'csv');
  expect(result).toMatchObject({ sessions: 10_000, turns: 10_000 });
  expect(rows(bytes)).toHaveLength(10_000);
}, 120_000);
