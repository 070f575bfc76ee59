import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { parseAnchor, readAnchor } from '../../../../src-main/audit/chain/anchors.ts';
import { startExport } from '../../../../src-main/audit/export/start-export.ts';
import type { SessionDetail } from '../../../../src-main/audit/reading/session-detail.ts';
import type { ExportFormat } from '../../../../src-preload/export-formats.ts';
import { openLog, temporaryHome } from '../../../support/audit.ts';
import { SESSION_ID, speakSession, WORDS } from '../../../support/spoken-session.ts';
import { EventScript } from '../../../support/turns.ts';

type Recorder = Parameters<typeof speakSession>[0];

const NO_CONTROL = { progress: () => {}, signal: new AbortController().signal };

async function exported(
  format: ExportFormat,
  tell: (record: Recorder) => unknown = speakSession,
): Promise<{ home: string; bytes: Buffer; detail: SessionDetail | null }> {
  const home = temporaryHome();
  const opened = openLog(home);
  await tell(opened.log.record);
  const detail = opened.log.queries.getSessionDetail(SESSION_ID);
  opened.close();
  const out = join(home, `out.${format}`);
  const request = {
    home,
    selection: { sessionIds: [SESSION_ID] },
    format,
    track: 'both',
    out,
    replace: false,
    appVersion: '9.9',
  } as const;
  await startExport(request, NO_CONTROL);
  return { home, bytes: readFileSync(out), detail };
}

/** What docs/exports.md promises of the head and of each turn's place, and nothing more. */
const place = z.strictObject({ startMs: z.number(), durationMs: z.number(), firstSample: z.int(), samples: z.int() });
const head = z.strictObject({
  format: z.literal('squelch-session'),
  version: z.literal(2),
  exportedAt: z.number(),
  exportedBy: z.literal('9.9'),
  session: z.object({ id: z.literal(SESSION_ID), agentId: z.string(), startedAt: z.number(), title: z.string() }),
  runs: z.array(z.strictObject({ at: z.number(), versions: z.record(z.string(), z.string()), platform: z.string() })),
  faults: z.array(z.never()),
  serverRecordings: z.array(z.never()),
  anchor: z.object({ format: z.literal('squelch-anchor'), seq: z.int(), head: z.string(), log: z.string() }),
  partial: z.literal(false),
  timeline: z.strictObject({ startedAt: z.number(), startMs: z.literal(0), durationMs: z.number() }),
});
const timeline = z.strictObject({
  startMs: z.number(),
  endMs: z.number(),
  user: place.nullable(),
  agent: z.array(place),
});

it('writes as JSON all that the log shows, and when it was heard', async () => {
  const { bytes, detail } = await exported('json');
  const { turns, ...rest } = JSON.parse(bytes.toString('utf8'));
  head.parse(rest);
  expect(turns).toHaveLength(2);
  for (const [index, turn] of turns.entries()) {
    const { timeline: placed, ...shown } = turn;
    timeline.parse(placed);
    expect(shown).toEqual(JSON.parse(JSON.stringify(detail?.turns[index])));
  }
});

it('writes as JSON Lines the same', async () => {
  const { bytes, detail } = await exported('jsonl');
  const [first, ...turns] = bytes
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { type, ...rest } = first;
  expect(type).toBe('session');
  head.parse(rest);
  expect(turns.map((turn) => [turn.type, turn.id])).toEqual(detail?.turns.map(({ id }) => ['turn', id]));
});

it('writes a row for each turn that reads back as it was, with formulas defused', async () => {
  const { bytes } = await exported('csv');
  const [names = [], ...rows] = parseCsv(bytes.toString('utf8'));
  const records = rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
  expect(rows.every((row) => row.length === names.length)).toBe(true);
  expect(records).toMatchObject([
    { turn_id: 'turn-1', outcome: 'completed', user: `'${WORDS[0].user}`, reply: WORDS[0].reply, cost_usd: '' },
    { turn_id: 'turn-2', outcome: 'interrupted', user: WORDS[1].user, reply: WORDS[1].reply },
  ]);
  expect(records[1]?.heard).toBe(WORDS[1].reply.slice(0, records[1]?.heard?.length));
});

it.each(['md', 'csv', 'vtt', 'mp3', 'wav'] as const)('says how far the log reached: %s', async (format) => {
  const { bytes, home } = await exported(format);
  const [anchor] = readdirSync(join(home, 'anchors')).map((name) => readAnchor(join(home, 'anchors', name)));
  const text = bytes.toString('latin1');
  expect(text).toContain(anchor?.head);
  if (format === 'csv') expect(text).toContain(`${anchor?.log} ${anchor?.seq} ${anchor?.head}`);
  else
    expect(parseAnchor(/\{"format":"squelch-anchor".*?\}/.exec(text)?.[0] ?? '', 'it')).toMatchObject({
      seq: anchor?.seq,
    });
});

it('writes subtitles: a cue for each voice, in order, for as long as it was heard', async () => {
  const { bytes } = await exported('vtt');
  const [title, note, ...cues] = bytes.toString('utf8').trimEnd().split('\n\n');
  expect([title, note]).toEqual(['WEBVTT', expect.stringMatching(/^NOTE /)]);
  const parsed = cues.map((cue) => {
    const [times = '', ...text] = cue.split('\n');
    const [from, to] = times.split(' --> ').map(seconds);
    return { from: from as number, to: to as number, text: text.join('\n') };
  });
  expect(parsed.map(({ text }) => text)).toEqual([
    '<v You>=SUM(A1) "quoted", and\na second line &lt;b&gt;',
    '<v Agent>It is nine. --&gt;',
    '<v You>你好，世界',
    expect.stringMatching(/^<v Agent>Of course, I can/),
  ]);
  for (const [index, { from, to }] of parsed.entries()) {
    expect(to).toBeGreaterThan(from);
    expect(from).toBeGreaterThanOrEqual((parsed[index - 1]?.to ?? 0) - 0.25);
  }
});

it('writes Markdown in which words stay words', async () => {
  const text = (await exported('md')).bytes.toString('utf8');
  expect(text).toContain('**You** =SUM\\(A1\\) "quoted", and  \na second line &lt;b\\>');
  expect(text).toContain('**You** 你好，世界');
  expect(text).toMatch(/\*\*Agent\*\* Of course, .* ~~.+~~ \(not heard\)/);
});

it('says who in a room spoke, in every format that is read', async () => {
  const tell = (record: Recorder) => {
    const script = new EventScript(record, SESSION_ID);
    script.begin('guest', { source: 'text', speaker: { identity: 'guest-1', name: '<Ada> &\n=co' } });
    script.emit({ type: 'user_speech_committed', turnId: 'guest', messageId: 'm', text: 'Good evening.' });
    script.end('guest', 'completed');
  };
  const text = async (format: ExportFormat) => (await exported(format, tell)).bytes.toString('utf8');
  expect(await text('vtt')).toContain('\n<v &lt;Ada&gt; &amp; =co>Good evening.\n');
  expect(await text('md')).toContain('**&lt;Ada\\> &amp;  \n=co** Good evening\\.');
  const [names = [], row = []] = parseCsv(await text('csv'));
  const cell = (name: string) => row[names.indexOf(name)];
  expect([cell('speaker'), cell('speaker_identity')]).toEqual(['<Ada> &\n=co', 'guest-1']);
  const files = unzipSync((await exported('zip', tell)).bytes);
  const page = Buffer.from(files['index.html'] ?? []).toString('utf8');
  expect(page).toContain('<span class="who">&lt;Ada&gt; &amp;\n=co</span> Good evening.');
});

it('tells what an agent did besides speaking, in every format that is read', async () => {
  const tell = (record: Recorder) => {
    const script = new EventScript(record, SESSION_ID);
    const turnId = 'busy';
    script.begin(turnId, { source: 'text' });
    script.emit({ type: 'user_speech_committed', turnId, messageId: 'm', text: 'Book it.' });
    const of = { callId: 'call-1', name: 'desk__book', createdAt: 0 } as const;
    const call = { type: 'function_call', id: '1', ...of, server: 'desk', arguments: '{"seats":"<2>"}' } as const;
    const output = {
      type: 'function_call_output',
      id: '2',
      ...of,
      output: 'The function failed.',
      isError: true,
    } as const;
    script.emit({ type: 'conversation_item_added', turnId, item: call });
    script.emit({ type: 'tool_call_decided', turnId, callId: 'call-1', decision: 'once' });
    const executions = [{ call, output, durationMs: 3, failure: 'no more *seats*' }];
    script.emit({ type: 'function_tools_executed', turnId, executions });
    const handoff = { type: 'agent_handoff', id: '3', createdAt: 0, from: 'greeter', to: 'desk' } as const;
    script.emit({ type: 'conversation_item_added', turnId, item: handoff });
    script.emit({
      type: 'agent_speech_committed',
      turnId,
      messageId: 'a',
      text: 'No.',
      heardText: 'No.',
      interrupted: false,
    });
    script.end(turnId, 'completed', 'nothing to add');
  };
  const text = async (format: ExportFormat) => (await exported(format, tell)).bytes.toString('utf8');
  const remarks = 'tool server desk; allowed once; it threw: no more *seats*';
  const called = `desk__book {"seats":"<2>"} → error: The function failed. (${remarks})`;
  const markdown = await text('md');
  const directions = markdown.split('\n').filter((line) => /^\*[^*]/.test(line));
  expect(directions.map((line) => line.replaceAll('\\', ''))).toEqual([
    `*Called ${called.replace('<', '&lt;')}*`,
    '*Handoff greeter → desk*',
    '*Stopped nothing to add*',
  ]);
  expect(markdown.indexOf('Book it')).toBeLessThan(markdown.indexOf('*Called'));
  expect(markdown.indexOf('*Stopped')).toBeLessThan(markdown.indexOf('**Agent**'));
  const [names = [], row = []] = parseCsv(await text('csv'));
  expect(row[names.indexOf('steps')]).toBe(
    [`Called ${called}`, 'Handoff greeter → desk', 'Stopped nothing to add'].join('\n'),
  );
  const files = unzipSync((await exported('zip', tell)).bytes);
  const page = Buffer.from(files['index.html'] ?? []).toString('utf8');
  expect(page).toContain('<span class="who">Called</span> desk__book {&quot;seats&quot;:&quot;&lt;2&gt;&quot;} →');
  expect(page).toContain('<span class="who">Handoff</span> greeter → desk');
  expect(page).toContain('<span class="who">Stopped</span> nothing to add');
});

it('tells what went wrong and ended no turn, where it happened, in every format that is read', async () => {
  const tell = (record: Recorder) => {
    const script = new EventScript(record, SESSION_ID);
    const fault = (code: string, message: string) => ({ stage: null, code, message, hint: 'Wait', cause: 'HTTP 502' });
    script.begin('first', { source: 'text' });
    const about = { source: 'room' as const, turnId: 'first', participant: null };
    script.emit({ type: 'fault', ...about, error: fault('room-lost', 'The <room> was away') });
    script.end('first', 'completed');
    script.emit({ type: 'error', turnId: null, error: fault('hook-failed', 'own.onExit failed'), recoverable: true });
  };
  const text = async (format: ExportFormat) => (await exported(format, tell)).bytes.toString('utf8');
  const markdown = await text('md');
  expect(markdown).toContain('\n*Trouble in the room, 0:00:00 The &lt;room\\> was away \\(HTTP 502\\)\\. Wait\\.*\n');
  expect(markdown).toContain('\n*Trouble, 0:00:00 own\\.onExit failed \\(HTTP 502\\)\\. Wait\\.*\n');
  const vtt = await text('vtt');
  expect(vtt).toContain('\n00:00:00.010 --> 00:00:02.010\n<c.fault>[The &lt;room&gt; was away]</c>\n');
  expect(vtt).toContain('\n00:00:00.020 --> 00:00:02.020\n<c.fault>[own.onExit failed]</c>\n');
  const [names = [], row = []] = parseCsv(await text('csv'));
  const cell = (name: string) => row[names.indexOf(name)];
  expect(cell('fault_codes')).toBe('room-lost hook-failed');
  expect(cell('faults')).toMatch(/^2026-.*Z The <room> was away\n2026-.*Z own\.onExit failed$/);
  const files = unzipSync((await exported('zip', tell)).bytes);
  const page = Buffer.from(files['index.html'] ?? []).toString('utf8');
  expect(page).toContain(
    '<span class="who">Trouble in the room</span> 0:00:00 The &lt;room&gt; was away (HTTP 502). Wait.',
  );
});

it('bundles sound, JSON, anchor, subtitles and a page, under names that stay in their folder', async () => {
  const files = unzipSync((await exported('zip')).bytes);
  const names = ['anchor.json', 'audio.mp3', 'index.html', 'session.json', 'subtitles.vtt'];
  expect(Object.keys(files).sort()).toEqual(names);
  const text = (name: string) => Buffer.from(files[name] ?? []).toString('utf8');
  expect(
    Buffer.from(files['audio.mp3'] ?? [])
      .subarray(0, 3)
      .toString(),
  ).toBe('ID3');
  expect(JSON.parse(text('session.json')).anchor).toEqual(JSON.parse(text('anchor.json')));
  const page = text('index.html');
  expect(page).toContain('=SUM(A1) &quot;quoted&quot;, and\na second line &lt;b&gt;');
  expect(page).not.toContain('<b>');
  expect(page.match(/src="[^"]*"/g)).toEqual(['src="audio.mp3"']);
  expect(page).not.toMatch(/https?:\/\//);
});

function seconds(timestamp: string): number {
  const [hours, minutes, rest] = timestamp.split(':').map(Number);
  return (hours as number) * 3600 + (minutes as number) * 60 + (rest as number);
}

/** RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  for (let match = cell.exec(text); match; match = cell.exec(text)) {
    const [, raw = '', end] = match;
    rows.at(-1)?.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}
