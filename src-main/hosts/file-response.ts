/** A file as HTTP, with range requests (RFC 9110, section 14), so that a player can seek in it. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { contentTypeOf } from './content-type.ts';

export interface FileRequest {
  /** The header `range`. */
  readonly range: string | null;
  readonly headOnly: boolean;
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

/** @param ownHeaders besides, or instead of, the usual ones. @returns null when there is no such file */
export async function fileResponse(
  path: string,
  { range, headOnly }: FileRequest,
  ownHeaders: Readonly<Record<string, string>> = {},
): Promise<Response | null> {
  const size = await stat(path).then(
    (file) => (file.isFile() ? file.size : null),
    () => null,
  );
  if (size === null) return null;
  const headers = {
    'content-type': contentTypeOf(path),
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    ...ownHeaders,
  };
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
