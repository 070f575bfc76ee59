/** The thread in which a session is exported, so that whoever talks meanwhile notices nothing. */
import { setDefaultHighWaterMark } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import { type FaultReport, reportFault, toFault } from '../../fault.ts';
import { type ExportRequest, type ExportResult, exportSessions } from './export-sessions.ts';

/** What the thread says; it takes `cancel`. */
export type ExportMessage =
  | { readonly type: 'progress'; readonly done: number }
  | { readonly type: 'exported'; readonly result: ExportResult }
  | { readonly type: 'cancelled' }
  | { readonly type: 'failed'; readonly fault: FaultReport };

const PROGRESS_MS = 100;
/**
 * Streams hold one piece at a time: what they hold while garbage is collected counts as long-lived, and the thread would
 * pile up tens of megabytes of sound before it looks at that again.
 */
const HELD_BYTES = 1_024;

setDefaultHighWaterMark(false, HELD_BYTES);

const cancelling = new AbortController();
parentPort?.once('message', () => cancelling.abort());
parentPort?.unref();

let toldAt = 0;
try {
  const result = await exportSessions(workerData as ExportRequest, {
    signal: cancelling.signal,
    progress(done) {
      if (performance.now() - toldAt < PROGRESS_MS && done < 1) return;
      toldAt = performance.now();
      send({ type: 'progress', done });
    },
  });
  send({ type: 'exported', result });
} catch (thrown) {
  if (cancelling.signal.aborted) send({ type: 'cancelled' });
  else send({ type: 'failed', fault: reportFault(toFault(thrown)) });
}

function send(message: ExportMessage): void {
  parentPort?.postMessage(message);
}
