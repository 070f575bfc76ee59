/** Writes sessions of a log as one file. Meant for a thread of its own: it reads and computes without pause. */
import type { FileHandle } from 'node:fs/promises';
import type { ExportSelection } from '../../../src-preload/contract.ts';
import type { ExportFormat, ExportTrack } from '../../../src-preload/export-formats.ts';
import { Fault } from '../../fault.ts';
import { openDatabaseForReading } from '../store/database.ts';
import { writeBundle } from './bundle.ts';
import { type Exported, openExported, titleOf } from './exported.ts';
import { mp3Of } from './mp3-export.ts';
import { writeWhole } from './output-file.ts';
import type { SoundJob, SoundTags } from './sound-job.ts';
import { TEXT_FORMATS, writeText } from './text-export.ts';
import { writeWav } from './wav-export.ts';

export interface ExportRequest {
  readonly home: string;
  readonly selection: ExportSelection;
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
  readonly sessions: number;
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
export async function exportSessions(request: ExportRequest, control: ExportControl): Promise<ExportResult> {
  const { home, selection, out, replace, appVersion } = request;
  const database = openDatabaseForReading(home);
  if (!database) throw logMissing(home);
  try {
    // One snapshot: the log may go on meanwhile.
    database.exec('BEGIN');
    const exported = openExported(home, database, selection, appVersion);
    const bytes = await writeWhole({ path: out, replace }, async (file) => {
      await write(file, exported, request, control);
      control.signal.throwIfAborted();
    });
    const { timeline, sessionCount: sessions, turnCount: turns } = exported;
    return { path: out, bytes, durationMs: Math.round(timeline.durationMs), sessions, turns };
  } finally {
    database.close();
  }
}

function logMissing(home: string): Fault {
  return new Fault('log-missing', `There is no log in ${home} yet.`, {
    hint: 'Choose the data folder with --home.',
    stage: 'log',
  });
}

async function write(
  file: FileHandle,
  exported: Exported,
  { home, format, track }: ExportRequest,
  control: ExportControl,
): Promise<void> {
  const { timeline } = exported;
  const soundJob = (): SoundJob => ({ home, timeline, track, tags: tagsOf(exported), ...control });
  const sounds = timeline.turns.some(({ user, agent }) => user || agent.length > 0);
  if (format === 'zip') {
    await writeBundle(file, exported, sounds ? soundJob() : null, control.signal);
    return control.progress(1);
  }
  if (format !== 'mp3' && format !== 'wav') {
    return writeText(file, TEXT_FORMATS[format](exported), { ...control, count: exported.turnCount });
  }
  if (!sounds) {
    throw new Fault('export-silent', 'There is no sound in what was chosen.', {
      hint: 'Nothing was spoken, or the sound was erased. Export it as Markdown or JSON.',
    });
  }
  if (format === 'wav') return writeWav(file, soundJob());
  for await (const piece of mp3Of(soundJob()).pieces()) await file.appendFile(piece);
}

function tagsOf(exported: Exported): SoundTags {
  const agents = new Set<string>();
  const chapters: SoundTags['chapters'][number][] = [];
  for (const { session, turns } of exported.sessions()) {
    agents.add(session.agentId);
    for (const { view, place } of turns) {
      const title = shortened(view.user.committed || view.reply.text || view.outcome || 'Turn');
      chapters.push({ startMs: place.startMs, endMs: place.endMs, title });
    }
  }
  return {
    title: titleOf(exported),
    agent: [...agents].join(', '),
    recordedAt: exported.timeline.startedAt,
    anchor: exported.anchor,
    chapters,
  };
}

function shortened(text: string): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()];
  if (characters.length <= CHAPTER_TITLE_LENGTH) return characters.join('');
  return `${characters.slice(0, CHAPTER_TITLE_LENGTH - 1).join('')}…`;
}
