/**
 * The tag before the sound of an MP3 file: title, agent, date, the log's anchor, and a chapter for each turn.
 * Sources: ID3v2.4.0 (https://id3.org/id3v2.4.0-structure, -frames) and its chapter frame addendum 1.0.
 */
import type { SoundTags } from './sound-job.ts';

const UTF_8 = 3;
/** A table of contents counts its entries in one byte. */
const MAX_ENTRIES = 255;
const TOP_LEVEL = 2;
const ORDERED = 1;
const NO_OFFSET = 0xffffffff;

export function encodeId3({ title, agent, recordedAt, anchor, chapters }: SoundTags): Uint8Array {
  const frames = [
    textFrame('TIT2', title),
    textFrame('TPE1', agent),
    textFrame('TDRC', new Date(recordedAt).toISOString().slice(0, 19)),
    textFrame('TSSE', 'Squelch'),
    ...(anchor ? [textFrame('TXXX', `squelch-anchor\0${JSON.stringify(anchor)}`)] : []),
    ...chapters.map((chapter, index) => chapterFrame(`t${index}`, chapter)),
    ...contentsFrames(chapters.length),
  ];
  const body = Buffer.concat(frames);
  return Buffer.concat([Buffer.from('ID3'), Buffer.from([4, 0, 0]), syncSafe(body.length), body]);
}

function frame(id: string, body: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(id), syncSafe(body.length), Buffer.from([0, 0]), body]);
}

function textFrame(id: string, text: string): Buffer {
  return frame(id, Buffer.concat([Buffer.from([UTF_8]), Buffer.from(text, 'utf8')]));
}

function chapterFrame(id: string, { startMs, endMs, title }: SoundTags['chapters'][number]): Buffer {
  const times = Buffer.alloc(16);
  times.writeUInt32BE(Math.round(startMs), 0);
  times.writeUInt32BE(Math.round(endMs), 4);
  times.writeUInt32BE(NO_OFFSET, 8);
  times.writeUInt32BE(NO_OFFSET, 12);
  return frame('CHAP', Buffer.concat([name(id), times, textFrame('TIT2', title)]));
}

/** One table, or, for more chapters than one can hold, a table of tables. */
function contentsFrames(chapters: number): Buffer[] {
  if (chapters === 0) return [];
  const ids = Array.from({ length: chapters }, (_, index) => `t${index}`);
  if (ids.length <= MAX_ENTRIES) return [contents('toc', TOP_LEVEL | ORDERED, ids)];
  const parts = Array.from({ length: Math.ceil(ids.length / MAX_ENTRIES) }, (_, part) => `toc${part}`);
  return [
    contents('toc', TOP_LEVEL | ORDERED, parts.slice(0, MAX_ENTRIES)),
    ...parts.map((id, part) => contents(id, ORDERED, ids.slice(part * MAX_ENTRIES, (part + 1) * MAX_ENTRIES))),
  ];
}

function contents(id: string, flags: number, entries: readonly string[]): Buffer {
  return frame('CTOC', Buffer.concat([name(id), Buffer.from([flags, entries.length]), ...entries.map(name)]));
}

function name(id: string): Buffer {
  return Buffer.from(`${id}\0`, 'latin1');
}

/** 28 bits, seven in each byte. */
function syncSafe(value: number): Buffer {
  return Buffer.from([(value >> 21) & 0x7f, (value >> 14) & 0x7f, (value >> 7) & 0x7f, value & 0x7f]);
}
