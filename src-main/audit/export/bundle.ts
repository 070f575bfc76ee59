/**
 * Sessions as one ZIP file: their sound, everything that is known of them, the anchor of their log, and a page that plays
 * and reads offline. The names inside are ours, so no id and no title can lead out of the folder it is unpacked to.
 */
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Exported } from './exported.ts';
import { jsonDocument } from './json-export.ts';
import { mp3Of } from './mp3-export.ts';
import { page } from './page.ts';
import type { SoundJob } from './sound-job.ts';
import { webvtt } from './webvtt-export.ts';

/**
 * @param sound null when nothing sounded
 * @throws Fault as Mp3.pieces; the signal's reason
 */
export async function writeBundle(
  file: FileHandle,
  exported: Exported,
  sound: SoundJob | null,
  signal: AbortSignal,
): Promise<void> {
  const zip = new ZipFile();
  const mtime = new Date(exported.exportedAt);
  const sources: Readable[] = [];
  const { promise: failed, reject: fail } = Promise.withResolvers<never>();
  zip.once('error', fail);
  const add = (
    name: string,
    pieces: Iterable<string> | AsyncIterable<Uint8Array>,
    options: { compress?: boolean; size?: number } = {},
  ) =>
    zip.addReadStreamLazy(name, { mtime, ...options }, (done) => {
      const source = Readable.from(pieces, { objectMode: false }).once('error', fail);
      sources.push(source);
      done(null, source);
    });
  add('index.html', page(exported, sound !== null));
  add(exported.sessionCount === 1 ? 'session.json' : 'sessions.json', jsonDocument(exported));
  add('subtitles.vtt', webvtt(exported));
  if (exported.anchor) add('anchor.json', [`${JSON.stringify(exported.anchor, null, 2)}\n`]);
  if (sound) {
    const { bytes, pieces } = mp3Of(sound);
    add('audio.mp3', pieces(), { compress: false, size: bytes });
  }
  zip.end();
  try {
    await Promise.race([failed, copyTo(file, zip.outputStream, signal)]);
  } finally {
    for (const source of sources) source.destroy();
  }
}

async function copyTo(file: FileHandle, stream: NodeJS.ReadableStream, signal: AbortSignal): Promise<void> {
  for await (const piece of stream) {
    signal.throwIfAborted();
    await file.appendFile(piece as Uint8Array);
  }
}
