/**
 * Sessions as one ZIP file: their sound, everything that is known of them, the anchor of their log, and a page that plays
 * and reads offline. The names inside are ours, so no id and no title can lead out of the folder it is unpacked to.
 */
import { type FileHandle, open, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import type { Exported } from './exported.ts';
import { jsonDocument } from './json-export.ts';
import { writeMp3 } from './mp3-export.ts';
import { page } from './page.ts';
import type { SoundJob } from './sound-job.ts';
import { webvtt } from './webvtt-export.ts';

/** Making the sound takes most of the time. */
const SOUND_SHARE = 0.9;

/**
 * @param sound null when nothing sounded
 * @param scratch name of a file that may be made and is removed again
 * @throws Fault as writeMp3; the signal's reason
 */
export async function writeBundle(
  file: FileHandle,
  exported: Exported,
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
    const mtime = new Date(exported.exportedAt);
    const addText = (name: string, pieces: Iterable<string>) =>
      zip.addReadStreamLazy(name, { mtime }, (done) => done(null, Readable.from(pieces, { objectMode: false })));
    addText('index.html', page(exported, sound !== null));
    addText(exported.sessionCount === 1 ? 'session.json' : 'sessions.json', jsonDocument(exported));
    addText('subtitles.vtt', webvtt(exported));
    if (exported.anchor) addText('anchor.json', [`${JSON.stringify(exported.anchor, null, 2)}\n`]);
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
