/**
 * A session as one ZIP file: its sound, everything that is known of it, the anchor of its log, and a page that plays
 * and reads offline. The names inside are ours, so no id and no title can lead out of the folder it is unpacked to.
 */
import { type FileHandle, open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { ExportedSession } from './exported-session.ts';
import { jsonDocument } from './json-export.ts';
import { writeMp3 } from './mp3-export.ts';
import { page } from './page.ts';
import type { SoundJob } from './sound-job.ts';
import { webvtt } from './webvtt-export.ts';

/** Making the sound takes most of the time. */
const SOUND_SHARE = 0.9;

/**
 * @param sound null for a session in which nothing sounded
 * @param scratch name of a file that may be made and is removed again
 * @throws Fault as writeMp3; the signal's reason
 */
export async function writeBundle(
  file: FileHandle,
  session: ExportedSession,
  {
    sound,
    scratch,
    signal,
    progress,
  }: Pick<SoundJob, 'signal' | 'progress'> & { sound: SoundJob | null; scratch: string },
): Promise<void> {
  try {
    if (sound) await writeScratch(scratch, { ...sound, progress: (done) => progress(done * SOUND_SHARE) });
    const zip = new ZipFile();
    const mtime = new Date(session.exportedAt);
    const addText = (name: string, pieces: Iterable<string>) =>
      zip.addReadStreamLazy(name, { mtime }, (done) => done(null, Readable.from(pieces, { objectMode: false })));
    addText('index.html', page(session));
    addText('session.json', jsonDocument(session));
    addText('subtitles.vtt', webvtt(session));
    if (session.anchor) addText('anchor.json', [`${JSON.stringify(session.anchor, null, 2)}\n`]);
    if (sound) zip.addFile(scratch, 'audio.mp3', { mtime, compress: false });
    zip.end();
    const failed = new Promise<never>((_, reject) => zip.once('error', reject));
    await Promise.race([failed, copyTo(file, zip.outputStream, signal)]);
    progress(1);
  } finally {
    await rm(scratch, { force: true });
  }
}

async function writeScratch(path: string, sound: SoundJob): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await writeMp3(file, sound);
  } finally {
    await file.close();
  }
}

async function copyTo(file: FileHandle, stream: NodeJS.ReadableStream, signal: AbortSignal): Promise<void> {
  for await (const piece of stream) {
    signal.throwIfAborted();
    await file.write(piece as Uint8Array);
  }
}
