/** A turn's recordings as HTTP: WAV with range requests (RFC 9110, section 14), so that a player can seek in them. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { TRACKS, type Track } from '../../src-preload/contract.ts';
import type { App } from '../app.ts';

const PATH = /^\/recordings\/([^/]+)\/([^/]+)\.wav$/;

/** @returns null when the path is none of ours. */
function parseRecordingPath(pathname: string): { turnId: string; track: Track } | null {
  const match = PATH.exec(pathname);
  const track = TRACKS.find((name) => name === match?.[2]);
  if (!match?.[1] || !track) return null;
  try {
    return { turnId: decodeURIComponent(match[1]), track };
  } catch {
    return null;
  }
}

/** First and last byte; null for the whole file; `unsatisfiable` when it lies outside of it. */
type ByteRange = { readonly first: number; readonly last: number } | null | 'unsatisfiable';

/** Takes one range of bytes; anything else it does not understand is, as the standard allows, the whole file. */
function parseRange(header: string | null, size: number): ByteRange {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const [from, to] = [match[1], match[2]].map((digits) => (digits ? Number(digits) : null));
  const suffix = from === null;
  const first = suffix ? Math.max(0, size - (to ?? 0)) : (from as number);
  const last = suffix || to == null ? size - 1 : Math.min(to, size - 1);
  if (first >= size || (suffix && to === 0)) return 'unsatisfiable';
  return last < first ? null : { first, last };
}

/** The answer to a request for a recording. @returns null when there is no such recording. */
export async function recordingResponse(
  app: App,
  { pathname, range, headOnly }: { pathname: string; range: string | null; headOnly: boolean },
): Promise<Response | null> {
  const wanted = parseRecordingPath(pathname);
  const path = wanted && app.recording(wanted.turnId, wanted.track);
  if (!path) return null;
  const size = await stat(path).then(
    (file) => file.size,
    () => null,
  );
  if (size === null) return null;
  const headers = { 'content-type': 'audio/wav', 'accept-ranges': 'bytes', 'cache-control': 'no-store' };
  const part = parseRange(range, size);
  if (part === 'unsatisfiable') {
    return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` } });
  }
  const { first, last } = part ?? { first: 0, last: size - 1 };
  const body =
    headOnly || size === 0
      ? null
      : (Readable.toWeb(createReadStream(path, { start: first, end: last })) as ReadableStream<Uint8Array>);
  return new Response(body, {
    status: part ? 206 : 200,
    headers: {
      ...headers,
      'content-length': String(last - first + 1),
      ...(part ? { 'content-range': `bytes ${first}-${last}/${size}` } : {}),
    },
  });
}
