/** Exports a session in a thread of its own. */
import { Worker } from 'node:worker_threads';
import { Fault, type FaultReport, toFault } from '../../fault.ts';
import type { ExportControl, ExportRequest, ExportResult } from './export-sessions.ts';
import type { ExportMessage } from './export-worker.ts';

/** Blocks of sound are short-lived: without a limit they would pile up before they are collected. */
const LIMITS = { maxYoungGenerationSizeMb: 8 };

/**
 * @throws Fault as exportSessions; the signal's reason when it was cancelled. Nothing is left behind then.
 */
export function startExport(request: ExportRequest, { progress, signal }: ExportControl): Promise<ExportResult> {
  signal.throwIfAborted();
  // The bundler makes a file of the same name beside the bundle; in the sources the worker is TypeScript.
  const file = import.meta.url.endsWith('.ts') ? './export-worker.ts' : './export-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), { workerData: request, resourceLimits: LIMITS });
  const cancel = () => worker.postMessage('cancel');
  signal.addEventListener('abort', cancel, { once: true });
  return new Promise<ExportResult>((resolve, reject) => {
    worker.on('message', (message: ExportMessage) => {
      if (message.type === 'progress') progress(message.done);
      else if (message.type === 'exported') resolve(message.result);
      else if (message.type === 'cancelled') reject(signal.reason);
      else reject(faultOf(message.fault));
    });
    worker.on('error', (error) => reject(toFault(error)));
    worker.on('exit', (status) => reject(toFault(new Error(`the export ended with status ${status}`))));
  }).finally(() => signal.removeEventListener('abort', cancel));
}

function faultOf({ code, message, hint, stage }: FaultReport): Fault {
  return new Fault(code, message, { hint, ...(stage ? { stage } : {}) });
}
