/** The thread in which a log is verified: reading and hashing all of it would stall whoever talks meanwhile. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Verification } from '../../../src-preload/contract.ts';
import { type FaultReport, reportFault, toFault } from '../../fault.ts';
import { type Anchor, anchorFolder, listAnchors } from '../chain/anchors.ts';
import { type LogDatabase, openAnyForReading } from '../store/database.ts';
import { verifyChain } from './verify.ts';

export interface VerifyRequest {
  readonly home: string;
  readonly sessionId: string | null;
  readonly anchor: Anchor | null;
}

export type VerifyMessage =
  | { readonly type: 'progress'; readonly checked: number; readonly of: number }
  | { readonly type: 'verified'; readonly verification: Verification | null }
  | { readonly type: 'failed'; readonly fault: FaultReport };

const PROGRESS_MS = 100;

function send(message: VerifyMessage): void {
  parentPort?.postMessage(message);
}

try {
  send({ type: 'verified', verification: await run(workerData as VerifyRequest) });
} catch (thrown) {
  send({ type: 'failed', fault: reportFault(toFault(thrown, 'log')) });
}

async function run({ home, sessionId, anchor }: VerifyRequest): Promise<Verification | null> {
  const database = await openAnyForReading(home);
  if (!database) return null;
  let toldAt = 0;
  try {
    return verifyChain(home, database, {
      sessionId,
      anchors: [anchor, ownAnchor(home, database)].filter((one) => one !== null),
      onProgress(checked, of) {
        if (performance.now() - toldAt < PROGRESS_MS && checked < of) return;
        toldAt = performance.now();
        send({ type: 'progress', checked, of });
      },
    });
  } finally {
    database.close();
  }
}

/** The newest one that was written at quit into the home itself: finds what an accident cut off, if not what a hand did. */
function ownAnchor(home: string, database: LogDatabase): Anchor | null {
  const id = database.prepare<[], string>('SELECT lower(hex(id)) FROM log').pluck().get();
  return id ? (listAnchors(anchorFolder(home), id)[0] ?? null) : null;
}
