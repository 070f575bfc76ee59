/**
 * An anchor notes how far the log reached at some moment. The chain alone can't show that its end was cut off or that an
 * older copy was put back; an anchor that was kept elsewhere can.
 */
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Fault } from '../../fault.ts';
import { makeFolder } from '../../folder.ts';
import { syncFolderOf } from '../store/audio-files.ts';
import type { LogDatabase } from '../store/database.ts';
import { logFault } from '../store/storage-fault.ts';

const anchorSchema = z.object({
  format: z.literal('squelch-anchor'),
  version: z.literal(1),
  /** The log's id, hex. */
  log: z.string().regex(/^[0-9a-f]{32}$/),
  /** The last entry at that moment. */
  seq: z.int().min(1),
  /** Its hash, hex. */
  head: z.string().regex(/^[0-9a-f]{64}$/),
  /** Milliseconds since the epoch. */
  at: z.number(),
});

/** The file is this as JSON. */
export type Anchor = z.infer<typeof anchorSchema>;

/** @returns null for a log without entries */
export function makeAnchor(database: LogDatabase): Anchor | null {
  const last = database
    .prepare<[], { log: string; seq: number; head: string }>(
      'SELECT lower(hex(log.id)) AS log, seq, lower(hex(hash)) AS head FROM entry, log ORDER BY seq DESC LIMIT 1',
    )
    .get();
  return last ? { format: 'squelch-anchor', version: 1, ...last, at: Date.now() } : null;
}

/** Where a log's own anchors are. */
export function anchorFolder(home: string): string {
  return join(home, 'anchors');
}

/**
 * Writes an anchor into a folder, which is made if missing; one for the same entry is left as it is.
 * @returns the file's path
 * @throws Fault of the stage `log`
 */
export function writeAnchor(folder: string, anchor: Anchor): string {
  const path = join(folder, fileName(anchor));
  try {
    if (existsSync(path)) return path;
    makeFolder(folder);
    writeFileSync(`${path}.new`, `${JSON.stringify(anchor, null, 2)}\n`, { flush: true });
    renameSync(`${path}.new`, path);
    syncFolderOf(path);
    return path;
  } catch (thrown) {
    throw logFault(thrown);
  }
}

/** @throws Fault `anchor-invalid` */
export function readAnchor(path: string): Anchor {
  try {
    return parseAnchor(readFileSync(path, 'utf8'), path);
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    const missing = (thrown as NodeJS.ErrnoException).code === 'ENOENT';
    throw anchorInvalid(path, missing ? 'does not exist' : 'can’t be read', thrown);
  }
}

/** @param name what the text is called in an error. @throws Fault `anchor-invalid` */
export function parseAnchor(text: string, name: string): Anchor {
  try {
    return anchorSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw anchorInvalid(name, 'is not an anchor of a log', cause);
  }
}

function anchorInvalid(name: string, problem: string, cause: unknown): Fault {
  return new Fault('anchor-invalid', `${name} ${problem}.`, {
    hint: 'An anchor is a small JSON file that Squelch wrote at its end or into an export.',
    stage: 'log',
    cause,
  });
}

/**
 * @param log its id; null is any, as long as all anchors there are of the same
 * @returns the newest anchor in a folder; null when there is none
 * @throws Fault `anchor-invalid`
 */
export function newestAnchor(folder: string, log: string | null): Anchor | null {
  const names = anchorNames(folder);
  const logs = new Set(names.map((name) => name.slice(0, 8)));
  const wanted = log?.slice(0, 8) ?? (logs.size === 1 ? [...logs][0] : null);
  const newest = names
    .filter((name) => name.slice(0, 8) === wanted)
    .sort()
    .at(-1);
  return newest ? readAnchor(join(folder, newest)) : null;
}

/** The anchors of a log in a folder, newest first. Files that are none are left out. @param log its id */
export function listAnchors(folder: string, log: string): (Anchor & { path: string })[] {
  return anchorNames(folder)
    .filter((name) => name.startsWith(log.slice(0, 8)))
    .sort()
    .reverse()
    .flatMap((name) => {
      try {
        const anchor = readAnchor(join(folder, name));
        return anchor.log === log ? { ...anchor, path: join(folder, name) } : [];
      } catch {
        return [];
      }
    });
}

function anchorNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => /^[0-9a-f]{8}-\d+\.json$/.test(name));
}

/** Sorted by name, anchors of a log are in its order. */
function fileName({ log, seq }: Anchor): string {
  return `${log.slice(0, 8)}-${String(seq).padStart(12, '0')}.json`;
}
