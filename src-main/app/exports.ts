/** Exports that a window asked for: files in `<home>/exports/`, which hosts serve for download. */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import type { CommandOutput, commands, ExportSelection } from '../../src-preload/contract.ts';
import { exportPath } from '../../src-preload/export-formats.ts';
import { startExport } from '../audit/export/start-export.ts';
import { Fault } from '../fault.ts';

const FOLDER = 'exports';
/** Names that we give: nothing else is served. */
const NAME = /^squelch-[\w-]+\.\w+$/;

export class Exports {
  readonly #home: string;
  readonly #version: string;
  readonly #running = new Map<string, AbortController>();

  constructor(home: string, version: string) {
    this.#home = home;
    this.#version = version;
    sweepUnfinished(join(home, FOLDER));
  }

  /**
   * @param startedAt when what is exported began, milliseconds since the epoch
   * @param onProgress told how much is done, 0 to 1
   * @throws Fault `export-running`, `export-cancelled`, and as exportSessions
   */
  async run(
    { exportId, selection, format, track }: z.output<(typeof commands)['sessions.export']['input']>,
    startedAt: number,
    onProgress: (done: number) => void,
  ): Promise<CommandOutput<'sessions.export'>> {
    if (this.#running.has(exportId)) {
      throw new Fault('export-running', 'This export is running already', { hint: 'Wait until it is done.' });
    }
    const cancelling = new AbortController();
    this.#running.set(exportId, cancelling);
    try {
      const folder = this.#folder();
      const name = fileName(selection, startedAt, track === 'both' ? format : `${track}.${format}`);
      const request = { home: this.#home, selection, format, track, out: join(folder, name), replace: true };
      const result = await startExport(
        { ...request, appVersion: this.#version },
        { progress: onProgress, signal: cancelling.signal },
      );
      return { ...result, url: exportPath(name) };
    } finally {
      this.#running.delete(exportId);
    }
  }

  /** A page of voice detection and its figures, each written anew. @param write is given the path of the page */
  async report(write: (path: string) => Promise<void>): Promise<CommandOutput<'vadLab.report'>> {
    const folder = this.#folder();
    const name = `squelch-vad-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`;
    await write(join(folder, `${name}.html`));
    return { pageUrl: exportPath(`${name}.html`), jsonUrl: exportPath(`${name}.json`), folder };
  }

  cancel(exportId: string): void {
    this.#running.get(exportId)?.abort(cancelled());
  }

  cancelAll(): void {
    for (const exportId of this.#running.keys()) this.cancel(exportId);
  }

  #folder(): string {
    const folder = join(this.#home, FOLDER);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  /** @returns null when there is no such file, or it is none of ours */
  find(name: string): string | null {
    if (!NAME.test(name)) return null;
    const path = join(this.#home, FOLDER, basename(name));
    return existsSync(path) ? path : null;
  }
}

/** What a process that was killed left half done. One Squelch at a time has the folder. */
function sweepUnfinished(folder: string): void {
  try {
    for (const name of globSync('*.part*', { cwd: folder })) rmSync(join(folder, name), { force: true });
  } catch {
    // They do no harm, and the next start tries again.
  }
}

/** `squelch-2026-11-03-1a2b3c4d-user.mp3`: safe on every system, and the same for the same selection. */
function fileName(selection: ExportSelection, startedAt: number, ending: string): string {
  const day = new Date(startedAt).toISOString().slice(0, 10);
  const [last = '', ...before] = ending.split('.').reverse();
  const id = nameOf(selection)
    .replace(/[^\w-]/g, '')
    .slice(0, 36);
  return `${['squelch', day, id, ...before].join('-')}.${last}`;
}

/** A session's id; of anything else a digest of what was asked for. */
function nameOf(selection: ExportSelection): string {
  if ('sessionIds' in selection && selection.sessionIds.length === 1) return selection.sessionIds[0] as string;
  return `selection-${createHash('sha256').update(JSON.stringify(selection)).digest('hex').slice(0, 12)}`;
}

function cancelled(): Fault {
  return new Fault('export-cancelled', 'The export was cancelled, and no file was written', {
    hint: 'Start it again when you like.',
  });
}
