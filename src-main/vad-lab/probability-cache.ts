/**
 * Probabilities on disk, found by the sha256 of the recording and of the model: a recording that was moved or renamed
 * is known again, another model asks anew. A file that is not whole counts as missing; a folder that can't be written
 * costs time, not the result.
 * A file is one line of JSON, then the probabilities as little-endian float32.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Flaws } from './recording-reader.ts';
import type { Track } from './segmentation.ts';

/** Raised whenever a recording is read or fed to the model otherwise than before. */
const VERSION = 1;

const headerSchema = z.object({
  version: z.literal(VERSION),
  sampleRate: z.union([z.literal(8_000), z.literal(16_000)]),
  samples: z.int().min(1),
  flaws: z.array(z.string()),
  sha256: z.string(),
});

export interface CachedTrack extends Track {
  readonly flaws: Flaws;
}

export class ProbabilityCache {
  private readonly folder: string;
  private readonly modelSha256: string;

  constructor(folder: string, modelSha256: string) {
    this.folder = folder;
    this.modelSha256 = modelSha256;
  }

  /** @param audioSha256 of the recording's file, hex */
  async find(audioSha256: string): Promise<CachedTrack | null> {
    const bytes = await readFile(this.pathOf(audioSha256)).catch(() => null);
    return bytes && decode(bytes);
  }

  /** @throws Error of the file system */
  async keep(audioSha256: string, track: CachedTrack): Promise<void> {
    const path = this.pathOf(audioSha256);
    const fresh = `${path}.${process.pid}.new`;
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeFile(fresh, encode(track));
      await rename(fresh, path);
    } catch (cause) {
      await rm(fresh, { force: true }).catch(() => {});
      throw cause;
    }
  }

  private pathOf(audioSha256: string): string {
    return join(this.folder, this.modelSha256.slice(0, 16), audioSha256.slice(0, 2), `${audioSha256}.vad`);
  }
}

/** sha256 of a file, hex. @throws Error of the file system */
export async function digestFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
  return hash.digest('hex');
}

function encode({ sampleRate, samples, flaws, probabilities }: CachedTrack): Uint8Array {
  const values = Buffer.from(probabilities.buffer, probabilities.byteOffset, probabilities.byteLength);
  const header = { version: VERSION, sampleRate, samples, flaws, sha256: sha256Of(values) };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), values]);
}

function decode(bytes: Buffer): CachedTrack | null {
  const end = bytes.indexOf(0x0a);
  try {
    const { sha256, sampleRate, samples, flaws } = headerSchema.parse(JSON.parse(bytes.toString('utf8', 0, end)));
    const values = bytes.subarray(end + 1);
    if (sha256Of(values) !== sha256) return null;
    return { sampleRate, samples, flaws, probabilities: new Float32Array(new Uint8Array(values).buffer) };
  } catch {
    return null;
  }
}

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
