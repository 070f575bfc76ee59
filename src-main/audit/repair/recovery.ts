/**
 * Runs at the start, before any turn: turns that were cut off get their outcome, `crashed`, and their sound, mended,
 * a place in the chain. Nothing that holds sound is deleted. Cut off itself, it is simply run again.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TRACKS, type Track } from '../../../src-preload/contract.ts';
import { PIPELINE_RATE, samplesToMs } from '../../audio/frame.ts';
import { encodeWavHeader, repairWav, WAV_HEADER_BYTES } from '../../audio/wav.ts';
import type { Fault, FaultReport } from '../../fault.ts';
import { newSalt, openCommitment } from '../chain/chain.ts';
import { createEntryWriter, type FiledContent, jsonContent } from '../chain/entries.ts';
import { type OutcomeRecord, SOUND_TYPE } from '../chain/records.ts';
import {
  createFileLookup,
  filedFile,
  IN_FLIGHT_FOLDER,
  inFlightFile,
  inHome,
  ORPHANS_FOLDER,
  parseAudioFileName,
  syncFolderOf,
} from '../store/audio-files.ts';
import type { LogDatabase } from '../store/database.ts';
import { logFault } from '../store/storage-fault.ts';

/** A turn that was found without an end. */
export interface RecoveredTurn {
  readonly turnId: string;
  readonly sessionId: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** What is kept of the user's sound; 0 when there is nothing to send again. */
  readonly userAudioMs: number;
}

interface TurnKey {
  readonly id: string;
  readonly session_id: string;
  readonly started_at: number;
}

/**
 * @param onFault told of each file that could not be mended; it stays where it is
 * @throws Fault when the log can't be written
 */
export async function recover(
  home: string,
  database: LogDatabase,
  onFault: (fault: Fault) => void,
): Promise<RecoveredTurn[]> {
  const entries = createEntryWriter(database);
  const unfinished = database
    .prepare<[], TurnKey>('SELECT id, session_id, started_at FROM turn WHERE outcome IS NULL ORDER BY started_at')
    .all();
  const known = database.prepare<[string], TurnKey>('SELECT id, session_id, started_at FROM turn WHERE id = ?');
  const endTurn = database.prepare("UPDATE turn SET ended_at = ?, outcome = 'crashed' WHERE id = ?");

  const isNamed = createFileLookup(database);

  /** @returns `otherwise` for what could not be read: it stays where it is, and the next start tries again */
  async function rescued<T, U>(work: () => Promise<T>, otherwise: U): Promise<T | U> {
    try {
      return await work();
    } catch (thrown) {
      onFault(logFault(thrown));
      return otherwise;
    }
  }

  const recovered: RecoveredTurn[] = [];
  for (const turn of unfinished) {
    const found = await Promise.all(TRACKS.map((track) => rescued(() => findSound(home, turn, track), UNREADABLE)));
    const sounds = found.flatMap((one) => (one === UNREADABLE || one === null ? [] : one.content));
    const userSound = sounds.find((sound) => sound.name === 'user.audio');
    const userAudioMs = samplesToMs((userSound?.length ?? 0) / 2, PIPELINE_RATE);
    const at = Date.now();
    const outcome: OutcomeRecord = {
      outcome: 'crashed',
      error: crash(userAudioMs > 0, found[0] === UNREADABLE),
      timings: null,
      phases: [],
    };
    const contents = [jsonContent('outcome', outcome), ...sounds];
    write(database, () => {
      entries.append({ at, kind: 'turn_crashed', sessionId: turn.session_id, turnId: turn.id, contents });
      endTurn.run(at, turn.id);
    });
    // Named before they are moved: cut off in between, they are found in flight again.
    for (const one of found) {
      if (one === UNREADABLE || !one?.inFlight) continue;
      const { inFlight, content } = one;
      await rescued(async () => move(inFlight, inHome(home, content.file)), undefined);
    }
    recovered.push({ turnId: turn.id, sessionId: turn.session_id, startedAt: turn.started_at, userAudioMs });
  }

  for (const name of filesIn(inHome(home, IN_FLIGHT_FOLDER))) {
    const parsed = parseAudioFileName(name);
    if (!parsed) continue;
    await rescued(async () => {
      const inFlight = inHome(home, `${IN_FLIGHT_FOLDER}/${name}`);
      if ((await mend(inFlight)) === 0) {
        rmSync(inFlight);
        return;
      }
      const turn = known.get(parsed.turnId);
      const file = turn && filedFile(turn.started_at, turn.id, parsed.track);
      if (!turn || !file || existsSync(inHome(home, file))) {
        move(inFlight, inHome(home, `${ORPHANS_FOLDER}/${name}`));
        return;
      }
      if (!isNamed(file)) {
        const sound = await commitToSound(inFlight, file, parsed.track);
        const key = { sessionId: turn.session_id, turnId: turn.id };
        write(database, () => {
          entries.append({ at: Date.now(), kind: 'audio_recovered', ...key, contents: [sound] });
        });
      }
      move(inFlight, inHome(home, file));
    }, undefined);
  }
  return recovered;
}

function crash(soundKept: boolean, unreadable: boolean): FaultReport {
  const without = unreadable
    ? 'Your recording could not be read; it is kept, and the next start tries again.'
    : 'Nothing had been recorded yet: ask again.';
  return {
    stage: null,
    code: 'crashed',
    message: 'Squelch stopped in the middle of this turn.',
    hint: soundKept ? 'Your recording is saved: send it again.' : without,
  };
}

interface FoundSound {
  readonly content: FiledContent;
  /** Where it still lies; null when it was moved to its place. */
  readonly inFlight: string | null;
}

const UNREADABLE = Symbol('unreadable');

/** Mends a turn's sound, which may have been moved already, and commits to it. @returns null when there is none */
async function findSound(home: string, turn: TurnKey, track: Track): Promise<FoundSound | null> {
  const file = filedFile(turn.started_at, turn.id, track);
  const filed = inHome(home, file);
  if (existsSync(filed)) return { content: await commitToSound(filed, file, track), inFlight: null };
  const inFlight = inHome(home, inFlightFile(turn.id, track));
  if (!existsSync(inFlight) || (await mend(inFlight)) === 0) return null;
  return { content: await commitToSound(inFlight, file, track), inFlight };
}

function move(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
  syncFolderOf(to);
}

/** A power cut may have kept the sound and not the header before it, which follows from the length. @returns samples */
async function mend(path: string): Promise<number> {
  const { size } = await stat(path);
  if (size <= WAV_HEADER_BYTES) return 0;
  const handle = await open(path, 'r+');
  try {
    const header = encodeWavHeader({ sampleRate: PIPELINE_RATE, channels: 1, dataBytes: null });
    await handle.write(header, 0, header.length, 0);
  } finally {
    await handle.close();
  }
  return repairWav(path);
}

async function commitToSound(path: string, file: string, track: Track): Promise<FiledContent> {
  const commitment = openCommitment(SOUND_TYPE, newSalt());
  const handle = await open(path);
  try {
    for await (const piece of handle.createReadStream({ start: WAV_HEADER_BYTES })) commitment.update(piece);
  } finally {
    await handle.close();
  }
  return { name: `${track}.audio`, type: SOUND_TYPE, file, salt: commitment.salt, ...commitment.digest() };
}

function write(database: LogDatabase, work: () => void): void {
  try {
    database.transaction(work).immediate();
  } catch (thrown) {
    throw logFault(thrown);
  }
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
