/** The thread in which a recording is decoded for the window. */
import { parentPort, workerData } from 'node:worker_threads';
import { reportFault, toFault } from '../fault.ts';
import { copySound, type SoundCopyOutcome, type SoundCopyTask } from './sound-copy.ts';

const tell = (outcome: SoundCopyOutcome) => parentPort?.postMessage(outcome);
await copySound(workerData as SoundCopyTask).then(
  () => tell({ fault: null }),
  (thrown: unknown) => tell({ fault: reportFault(toFault(thrown)) }),
);
