/** Writes one session of a log as one file. Meant for a thread of its own: it reads and computes without pause. */
import type { FileHandle } from 'node:fs/promises';
import type { ExportFormat, ExportTrack } from '../../../src-preload/export-formats.ts';
import { Fault } from '../../fault.ts';
import { openDatabaseForReading } from '../database.ts';
import { writeBundle } from './bundle.ts';
import { type ExportedSession, openExportedSession } from './exported-session.ts';
import { writeMp3 } from './mp3-export.ts';
import { temporaryName, writeWhole } from './output-file.ts';
import type { SoundJob, SoundTags } from './sound-job.ts';
import { TEXT_FORMATS, writeText } from './text-export.ts';
import { writeWav } from './wav-export.ts';

export interface ExportRequest {
  readonly home: string;
  readonly sessionId: string;
  readonly format: ExportFormat;
  /** Of the formats that hold sound. */
  readonly track: ExportTrack;
  /** Path of the file. */
  readonly out: string;
  /** Whether a file that is there already may be replaced. */
  readonly replace: boolean;
  /** Version of Squelch, written into the file. */
  readonly appVersion: string;
}

export interface ExportResult {
  readonly path: string;
  readonly bytes: number;
  /** Of the timeline, and so of the sound. */
  readonly durationMs: number;
  readonly turns: number;
}

export interface ExportControl {
  /** Told how much is done, 0 to 1. */
  progress(done: number): void;
  readonly signal: AbortSignal;
}

const CHAPTER_TITLE_LENGTH = 60;

/**
 * @throws Fault `session-unknown`, `export-silent`, `export-exists`, `export-not-writable`, `export-disk-full`,
 *   `export-too-long`, `export-sound-missing`, those of the log; the signal's reason. Nothing is left behind then.
 */
export async function exportSession(request: ExportRequest, control: ExportControl): Promise<ExportResult> {
  const { home, sessionId, out, replace, appVersion } = request;
  const database = openDatabaseForReading(home);
  try {
    // One snapshot: the log may go on meanwhile.
    database?.exec('BEGIN');
    const session = database && openExportedSession(home, database, sessionId, appVersion);
    if (!session) throw sessionUnknown(sessionId);
    const bytes = await writeWhole({ path: out, replace }, async (file) => {
      await write(file, session, request, control);
      control.signal.throwIfAborted();
    });
    return { path: out, bytes, durationMs: Math.round(session.timeline.durationMs), turns: session.turns.length };
  } finally {
    database?.close();
  }
}

function sessionUnknown(sessionId: string): Fault {
  return new Fault('session-unknown', `There is no session ${sessionId}.`, { hint: '`squelch sessions` lists them.' });
}

async function write(
  file: FileHandle,
  session: ExportedSession,
  { home, format, track, out }: ExportRequest,
  control: ExportControl,
): Promise<void> {
  const { timeline } = session;
  const sound: SoundJob = { home, timeline, track, tags: tagsOf(session), ...control };
  const sounds = timeline.turns.some(({ user, agent }) => user || agent.length > 0);
  if (format === 'zip') {
    return writeBundle(file, session, {
      ...control,
      sound: sounds ? sound : null,
      scratch: `${temporaryName(out)}.mp3`,
    });
  }
  if (format !== 'mp3' && format !== 'wav') {
    return writeText(file, TEXT_FORMATS[format](session), { ...control, count: session.turns.length });
  }
  if (!sounds) {
    throw new Fault('export-silent', 'There is no sound in this session.', {
      hint: 'Nothing was spoken, or the sound was erased. Export it as Markdown or JSON.',
    });
  }
  return format === 'mp3' ? writeMp3(file, sound) : writeWav(file, sound);
}

function tagsOf({ session, turns }: ExportedSession): SoundTags {
  return {
    title: session.title || 'Session',
    agent: session.agentId,
    recordedAt: session.startedAt,
    chapters: turns.map(({ view, place }) => ({
      startMs: place.startMs,
      endMs: place.endMs,
      title: shortened(view.user.committed || view.reply.text || view.outcome || 'Turn'),
    })),
  };
}

function shortened(text: string): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()];
  if (characters.length <= CHAPTER_TITLE_LENGTH) return characters.join('');
  return `${characters.slice(0, CHAPTER_TITLE_LENGTH - 1).join('')}…`;
}
