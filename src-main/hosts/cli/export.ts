/** `squelch sessions export`: one session as one file. Control-C leaves nothing behind. */
import { resolve } from 'node:path';
import type { ExportFormat, ExportTrack } from '../../../src-preload/export-formats.ts';
import { startExport } from '../../audit/export/start-export.ts';
import { Fault } from '../../fault.ts';
import { resolveHome } from '../home.ts';
import { INSTALLATION } from '../installation.ts';
import { EXIT, report } from './report.ts';

export interface ExportOptions {
  readonly format: ExportFormat;
  readonly out: string;
  readonly track: ExportTrack;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly home?: string;
}

/** @returns the exit status. @throws Fault see exportSession */
export async function exportToFile(id: string, options: ExportOptions): Promise<number> {
  const { format, out, track, force = false, json = false, home } = options;
  const cancelling = new AbortController();
  const cancel = () => cancelling.abort(cancelled());
  process.once('SIGINT', cancel);
  try {
    const request = { home: resolveHome(home, process.env), sessionId: id, format, track, out: resolve(out) };
    const result = await startExport(
      { ...request, replace: force, appVersion: INSTALLATION.version },
      { progress: showProgress, signal: cancelling.signal },
    );
    const size = `${(result.bytes / 1_000_000).toFixed(1)} MB`;
    const turns = result.turns === 1 ? '1 turn' : `${result.turns} turns`;
    report(json, { ...result, format, track }, `${result.path}  ${turns}, ${size}`);
    return EXIT.done;
  } finally {
    process.off('SIGINT', cancel);
    showProgress(null);
  }
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
