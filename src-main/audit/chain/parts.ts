/**
 * A request to a language model repeats much of the one before: images, documents, instructions. Its long strings are
 * taken out and stored once, by digest; what is left is stored as the request's body and names them. Put together again
 * they are the very bytes that were sent.
 */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { LogDatabase } from '../store/database.ts';
import { PARTED_TYPE } from './records.ts';

export interface Part {
  readonly sha256: Uint8Array;
  readonly bytes: Uint8Array;
}

/** What is stored of a body: texts, and digests (hex) of the parts between them. */
type Skeleton = readonly (string | { readonly sha256: string })[];

/** Shorter ones are not worth a row. */
const SHORTEST = 1_024;
const [QUOTE, BACKSLASH, BRACE] = [0x22, 0x5c, 0x7b];

/** @returns the body as it is to be stored, with its parts; null when nothing in it is long */
export function takeApart(body: Uint8Array): { bytes: Uint8Array; parts: Part[] } | null {
  if (body.length <= SHORTEST || body[0] !== BRACE) return null;
  const whole = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  // What is no valid UTF-8 would not come back as it was.
  if (!isUtf8(whole)) return null;
  const skeleton: (string | { sha256: string })[] = [];
  const parts: Part[] = [];
  let last = 0;
  for (const { start, end } of longStrings(whole)) {
    const bytes = whole.subarray(start, end);
    const sha256 = createHash('sha256').update(bytes).digest();
    parts.push({ sha256, bytes });
    skeleton.push(whole.toString('utf8', last, start), { sha256: sha256.toString('hex') });
    last = end;
  }
  if (parts.length === 0) return null;
  skeleton.push(whole.toString('utf8', last));
  return { bytes: Buffer.from(JSON.stringify(skeleton), 'utf8'), parts };
}

/** Where in a JSON text the insides of long strings begin and end, escapes and all. */
function* longStrings(json: Buffer): Generator<{ start: number; end: number }> {
  for (let quote = json.indexOf(QUOTE); quote >= 0; ) {
    const start = quote + 1;
    let end = json.indexOf(QUOTE, start);
    while (end >= 0 && isEscaped(json, end)) end = json.indexOf(QUOTE, end + 1);
    if (end < 0) return;
    if (end - start >= SHORTEST) yield { start, end };
    quote = json.indexOf(QUOTE, end + 1);
  }
}

function isEscaped(json: Buffer, index: number): boolean {
  let backslashes = 0;
  while (json[index - 1 - backslashes] === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

/** Puts the bodies of one log together again. */
export function createPartReader(database: LogDatabase) {
  const part = database.prepare<[Uint8Array], Uint8Array>('SELECT bytes FROM part WHERE sha256 = ?').pluck();
  return {
    /** @returns other contents as they are; without a part that is lost, of which verification tells */
    whole(type: string, bytes: Uint8Array): Uint8Array {
      if (type !== PARTED_TYPE) return bytes;
      return Buffer.concat(
        skeletonOf(bytes).map((piece) =>
          typeof piece === 'string'
            ? Buffer.from(piece, 'utf8')
            : (part.get(Buffer.from(piece.sha256, 'hex')) ?? new Uint8Array()),
        ),
      );
    },
  };
}

/** @returns stores the parts of a content, inside the caller's transaction */
export function createPartWriter(database: LogDatabase): (contentId: number | bigint, parts: readonly Part[]) => void {
  const insert = database.prepare('INSERT INTO part (sha256, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const belong = database.prepare(
    'INSERT INTO content_part (content_id, part_id) SELECT ?, id FROM part WHERE sha256 = ? ON CONFLICT DO NOTHING',
  );
  return (contentId, parts) => {
    for (const { sha256, bytes } of parts) {
      insert.run(sha256, bytes);
      belong.run(contentId, sha256);
    }
  };
}

/** Tells anew which parts belong to which content; a content whose part is lost is lost with it. */
export function linkParts(database: LogDatabase): void {
  const contents = database
    .prepare<[string], { id: number; bytes: Uint8Array }>(
      'SELECT id, bytes FROM content WHERE type = ? AND bytes IS NOT NULL',
    )
    .all(PARTED_TYPE);
  const known = database.prepare<[Uint8Array], number>('SELECT id FROM part WHERE sha256 = ?').pluck();
  const belong = database.prepare(
    'INSERT INTO content_part (content_id, part_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );
  const forget = database.prepare('DELETE FROM content WHERE id = ?');
  database.transaction(() => {
    for (const { id, bytes } of contents) {
      const parts = digestsIn(bytes).map((digest) => known.get(Buffer.from(digest, 'hex')));
      if (parts.includes(undefined)) forget.run(id);
      else for (const part of parts) belong.run(id, part);
    }
    database.exec('DELETE FROM part WHERE id NOT IN (SELECT part_id FROM content_part)');
  })();
}

export interface PartCheck {
  /** @returns what is wrong with the parts that a content names; null when nothing is */
  check(contentId: number, type: string, bytes: Uint8Array): 'altered' | 'missing' | null;
  /** Parts that no content names, and contents that are said to have parts that they don't name. */
  strays(): number;
}

export function createPartCheck(database: LogDatabase): PartCheck {
  const ofContent = database.prepare<[number], { sha256: Uint8Array; bytes: Uint8Array }>(
    'SELECT p.sha256, p.bytes FROM content_part cp JOIN part p ON p.id = cp.part_id WHERE cp.content_id = ?',
  );
  const sound = new Set<string>();
  let named = 0;
  return {
    check(contentId, type, bytes) {
      if (type !== PARTED_TYPE) return null;
      const stored = new Map(
        ofContent.all(contentId).map((part) => [Buffer.from(part.sha256).toString('hex'), part.bytes]),
      );
      const wanted = new Set(digestsIn(bytes));
      named += wanted.size;
      for (const sha256 of wanted) {
        const part = stored.get(sha256);
        if (!part) return 'missing';
        if (sound.has(sha256)) continue;
        if (createHash('sha256').update(part).digest('hex') !== sha256) return 'altered';
        sound.add(sha256);
      }
      return null;
    },
    strays() {
      const belonging = database.prepare<[], number>('SELECT count(*) FROM content_part').pluck().get() ?? 0;
      const orphans = database
        .prepare<[], number>('SELECT count(*) FROM part WHERE id NOT IN (SELECT part_id FROM content_part)')
        .pluck()
        .get();
      return Math.max(0, belonging - named) + (orphans ?? 0);
    },
  };
}

/** Hex. Of a content that was altered, which names none any more, nothing. */
function digestsIn(bytes: Uint8Array): string[] {
  return skeletonOf(bytes).flatMap((piece) => (typeof piece === 'string' ? [] : piece.sha256));
}

function skeletonOf(bytes: Uint8Array): Skeleton {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    return [];
  }
}
