/** Recordings with what the model hears in them and, where there are any, the labels that lie beside them. */
import { Fault, toFault } from '../fault.ts';
import { readLabelsOf } from './labels/files.ts';
import { fitLabels, type Label } from './labels/label.ts';
import { type Measured, type MeasureRequest, measure } from './measure.ts';

export interface Recording extends Measured {
  readonly durationMs: number;
  /** Ordered, disjoint, inside the recording; null when there is no label file. */
  readonly labels: readonly Label[] | null;
}

export interface Failure {
  readonly path: string;
  readonly fault: Fault;
}

export interface Collection {
  /** Of the weights, hex. */
  readonly modelSha256: string;
  readonly recordings: readonly Recording[];
  /** Those that can't be read, or whose labels can't. */
  readonly failures: readonly Failure[];
  /** What is odd about recordings and labels that are used all the same. */
  readonly warnings: readonly string[];
}

/** @throws Fault as `measure` */
export async function collect(request: MeasureRequest & { readonly withLabels: boolean }): Promise<Collection> {
  const measurement = await measure(request);
  const recordings: Recording[] = [];
  const failures: Failure[] = [];
  const warnings = [...measurement.warnings];
  for (const measured of measurement.recordings) {
    const { path } = measured;
    if ('fault' in measured) {
      failures.push(measured);
      continue;
    }
    for (const flaw of measured.flaws) warnings.push(`${path}: ${flaw}`);
    const durationMs = (measured.track.samples * 1000) / measured.track.sampleRate;
    try {
      const file = request.withLabels ? await readLabelsOf(path) : null;
      const fitted = file && fitLabels(file.labels, durationMs);
      for (const warning of fitted?.warnings ?? []) warnings.push(`${file?.path}: ${warning}`);
      recordings.push({ ...measured, durationMs, labels: fitted?.labels ?? null });
    } catch (thrown) {
      failures.push({ path, fault: named(toFault(thrown), path) });
    }
  }
  return { modelSha256: measurement.modelSha256, recordings, failures, warnings };
}

/** Faults of labels that do not name their recording. */
function named(fault: Fault, path: string): Fault {
  if (fault.code !== 'labels-elsewhere') return fault;
  return new Fault(fault.code, `${path}: ${fault.message}`, { hint: fault.hint, cause: fault });
}
