/**
 * One voice of a turn on its way to disk: every frame goes to the system as it comes, so that a killed process loses
 * none of it, and is synced in the background every second of sound. What the disk refuses is kept in memory and
 * tried again with the next frame.
 */
import { closeSync, fdatasync, fsync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Track } from '../../../src-preload/contract.ts';
import { PIPELINE_RATE } from '../../audio/frame.ts';
import { encodePcm, encodeWavHeader, WAV_HEADER_BYTES } from '../../audio/wav.ts';
import { newSalt, openCommitment } from '../chain/chain.ts';
import type { FiledContent } from '../chain/entries.ts';
import { SOUND_TYPE } from '../chain/records.ts';
import { filedFile, inFlightFile, inHome } from '../store/audio-files.ts';

const synced = promisify(fsync);
const SECOND_BYTES = PIPELINE_RATE * 2;

export class AudioTrack {
  readonly #inFlight: string;
  /** Where the file will be, or is. */
  readonly filed: string;
  /** Relative to the home folder. */
  readonly #file: string;
  readonly #name: string;
  readonly #commitment = openCommitment(SOUND_TYPE, newSalt());
  #descriptor: number | null = null;
  #waiting: Uint8Array[] = [];
  /** Written, and not yet in the commitment: hashing a second at once costs a fraction of hashing each frame. */
  #uncommitted: Uint8Array[] = [];
  #uncommittedBytes = 0;
  #receivedBytes = 0;
  #writtenBytes = 0;
  #syncedBytes = 0;
  /** Background syncs under way, which need the descriptor. */
  #syncs = 0;
  #content: FiledContent | null = null;

  /** @param startedAt of the turn, milliseconds since the epoch */
  constructor(home: string, turnId: string, startedAt: number, track: Track) {
    this.#name = `${track}.audio`;
    this.#file = filedFile(startedAt, turnId, track);
    this.filed = inHome(home, this.#file);
    this.#inFlight = inHome(home, inFlightFile(turnId, track));
  }

  /** Samples that came, on disk or not. */
  get samples(): number {
    return this.#receivedBytes / 2;
  }

  /**
   * Makes the file, with a header that says its length is not known yet; `append` does it too.
   * @throws the file system's error
   */
  open(): void {
    this.#open();
  }

  /**
   * @param samples mono at 24 kHz; not to be written again by the caller
   * @throws the file system's error; the sound is then kept in memory
   */
  append(samples: Int16Array): void {
    this.#waiting.push(encodePcm(samples));
    this.#receivedBytes += samples.byteLength;
    this.#drain();
    if (this.#uncommittedBytes >= SECOND_BYTES) this.#commit();
    if (this.#writtenBytes - this.#syncedBytes >= SECOND_BYTES) this.#syncSoon();
  }

  /** No more is to come: sets the lengths in the header and begins to sync. @throws the file system's error */
  end(): void {
    if (this.#descriptor === null) return;
    this.#drain();
    writeHeader(this.#descriptor, this.#writtenBytes);
    this.#syncSoon();
  }

  /**
   * Does what `file` does without making this thread wait for the disk; `file` then finds it done.
   * @throws the file system's error; the file is then still in flight
   */
  async fileSoon(): Promise<void> {
    if (this.#content || this.#receivedBytes === 0) return;
    const descriptor = this.#open();
    this.#drain();
    writeHeader(descriptor, this.#writtenBytes);
    this.#syncs += 1;
    try {
      await synced(descriptor);
    } finally {
      this.#syncs -= 1;
      if (this.#descriptor !== descriptor) this.#closeLate(descriptor);
    }
    if (this.#descriptor === descriptor) this.#move();
  }

  /**
   * Completes the file, synced, and moves it to the folder of its month. An entry may name it once that folder is synced
   * too. Can be called again, after a failure as well as after a success.
   * @returns null, and leaves no file, when there was no sound
   * @throws the file system's error; the file is then still in flight
   */
  file(): FiledContent | null {
    if (this.#content) return this.#content;
    if (this.#receivedBytes === 0) {
      this.discard();
      return null;
    }
    const descriptor = this.#open();
    this.#drain();
    writeHeader(descriptor, this.#writtenBytes);
    fsyncSync(descriptor);
    return this.#move();
  }

  /** Lets go of the file; what is in it stays. */
  close(): void {
    const descriptor = this.#descriptor;
    this.#descriptor = null;
    // A background sync still needs the descriptor, and closes it.
    if (descriptor !== null) this.#closeLate(descriptor);
  }

  /** Removes the file, which holds no sound. One that can't be removed is found, and removed, at the next start. */
  discard(): void {
    this.close();
    try {
      rmSync(this.#inFlight, { force: true });
    } catch {
      // Nothing is lost.
    }
  }

  #closeLate(descriptor: number): void {
    if (this.#syncs === 0) closeSync(descriptor);
  }

  #move(): FiledContent {
    mkdirSync(dirname(this.filed), { recursive: true });
    renameSync(this.#inFlight, this.filed);
    this.#commit();
    const { salt } = this.#commitment;
    this.#content = { name: this.#name, type: SOUND_TYPE, file: this.#file, salt, ...this.#commitment.digest() };
    this.close();
    return this.#content;
  }

  #open(): number {
    if (this.#descriptor !== null) return this.#descriptor;
    mkdirSync(dirname(this.#inFlight), { recursive: true, mode: 0o700 });
    this.#descriptor = openSync(this.#inFlight, 'wx', 0o600);
    try {
      writeHeader(this.#descriptor, null);
      return this.#descriptor;
    } catch (thrown) {
      this.discard();
      throw thrown;
    }
  }

  #drain(): void {
    const descriptor = this.#open();
    while (this.#waiting.length > 0) {
      const piece = this.#waiting[0] as Uint8Array;
      const written = writeSync(descriptor, piece, 0, piece.length, WAV_HEADER_BYTES + this.#writtenBytes);
      this.#uncommitted.push(written === piece.length ? piece : piece.subarray(0, written));
      this.#uncommittedBytes += written;
      this.#writtenBytes += written;
      if (written === piece.length) this.#waiting.shift();
      else this.#waiting[0] = piece.subarray(written);
    }
  }

  #commit(): void {
    for (const piece of this.#uncommitted.splice(0)) this.#commitment.update(piece);
    this.#uncommittedBytes = 0;
  }

  #syncSoon(): void {
    const descriptor = this.#descriptor;
    if (this.#syncs > 0 || descriptor === null) return;
    this.#syncs += 1;
    const reached = this.#writtenBytes;
    fdatasync(descriptor, (error) => {
      this.#syncs -= 1;
      if (!error) this.#syncedBytes = reached;
      if (this.#descriptor !== descriptor) this.#closeLate(descriptor);
    });
  }
}

function writeHeader(descriptor: number, dataBytes: number | null): void {
  const header = encodeWavHeader({ sampleRate: PIPELINE_RATE, channels: 1, dataBytes });
  writeSync(descriptor, header, 0, header.length, 0);
}
