/** Verifies a log in a thread of its own, with progress, also while this or another process writes it. */
import { Worker } from 'node:worker_threads';
import type { Verification } from '../../../src-preload/contract.ts';
import { Fault } from '../../fault.ts';
import type { Anchor } from '../chain/anchors.ts';
import type { VerifyMessage, VerifyRequest } from './verify-worker.ts';

export interface VerificationOptions {
  /** Only the contents of this session. */
  readonly sessionId?: string | null;
  /** One that was kept elsewhere. The newest in the home itself is always looked at. */
  readonly anchor?: Anchor | null;
  /** Entries checked, at most ten times a second. */
  readonly onProgress?: (checked: number, of: number) => void;
}

/** @returns null when there is no log yet. @throws Fault as openAnyForReading, `session-unknown` */
export function verifyLog(
  home: string,
  { sessionId = null, anchor = null, onProgress }: VerificationOptions = {},
): Promise<Verification | null> {
  const request: VerifyRequest = { home, sessionId, anchor };
  // The bundler makes a file of the same name beside the bundle; in the sources the worker is TypeScript.
  const file = import.meta.url.endsWith('.ts') ? './verify-worker.ts' : './verify-worker.js';
  const thread = new Worker(new URL(file, import.meta.url), { workerData: request });
  const { promise, resolve, reject } = Promise.withResolvers<Verification | null>();
  thread.on('message', (message: VerifyMessage) => {
    if (message.type === 'progress') onProgress?.(message.checked, message.of);
    else if (message.type === 'verified') resolve(message.verification);
    else {
      const { code, message: text, hint, stage } = message.fault;
      reject(new Fault(code, text, { hint, ...(stage ? { stage } : {}) }));
    }
  });
  thread.on('error', reject);
  return promise.finally(() => thread.terminate());
}
