/** `squelch sessions export`: sessions, turns, or what a search finds, as one file. Control-C leaves nothing behind. */
import { resolve } from 'node:path';
import type { ExportSelection } from '../../../src-preload/contract.ts';
import type { ExportFormat, ExportTrack } from '../../../src-preload/export-formats.ts';
import { startExport } from '../../audit/export/start-export.ts';
import { Fault } from '../../fault.ts';
import { INSTALLATION } from '../installation.ts';
import { counted, fileSize } from './amounts.ts';
import { dataFolder } from './data-folder.ts';
import { EXIT, report, UsageError } from './report.ts';
import { type FilterOptions, filterOf } from './search.ts';

export interface ExportOptions extends FilterOptions {
  readonly turn?: readonly string[];
  /** A query. */
  readonly search?: string;
  readonly format: ExportFormat;
  readonly out: string;
  readonly track: ExportTrack;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly home?: string;
}

/** @param ids of sessions. @returns the exit status. @throws UsageError, Fault see exportSessions */
export async function exportToFile(ids: readonly string[], options: ExportOptions): Promise<number> {
  const { format, out, track, force = false, json = false, home } = options;
  const selection = selectionOf(ids, options);
  const cancelling = new AbortController();
  const cancel = () => cancelling.abort(cancelled());
  process.once('SIGINT', cancel);
  try {
    const request = { home: dataFolder(home), selection, format, track, out: resolve(out) };
    const result = await startExport(
      { ...request, replace: force, appVersion: INSTALLATION.version },
      { progress: showProgress, signal: cancelling.signal },
    );
    const turns = counted(result.turns, 'turn');
    const sessions = result.sessions === 1 ? '' : ` of ${result.sessions} conversations`;
    report(json, { ...result, format, track }, `${result.path}  ${turns}${sessions}, ${fileSize(result.bytes)}`);
    return EXIT.done;
  } finally {
    process.off('SIGINT', cancel);
    showProgress(null);
  }
}

function selectionOf(sessionIds: readonly string[], options: ExportOptions): ExportSelection {
  const { turn: turnIds = [], search } = options;
  const filter = filterOf(options);
  const searches = search !== undefined || Object.keys(filter).length > 0;
  if ([sessionIds.length > 0, turnIds.length > 0, searches].filter(Boolean).length !== 1) {
    throw new UsageError(
      'name conversations, or turns with --turn, or say with --search or a filter which turns are meant',
    );
  }
  if (searches) return { search: { query: search ?? '', filter } };
  return sessionIds.length > 0 ? { sessionIds } : { turnIds };
}

/** On a terminal, in one line that goes again. @param done 0 to 1; null when it is over */
function showProgress(done: number | null): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(done === null ? '\r\x1b[K' : `\rExporting ${Math.round(done * 100)} %`);
}

function cancelled(): Fault {
  return new Fault('export-cancelled', 'The export was cancelled, and no file was written.', {
    hint: 'Start it again when you like.',
  });
}
