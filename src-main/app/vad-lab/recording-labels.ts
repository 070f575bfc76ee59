/**
 * Where the labels of an opened recording are: beside a file of the user's; for a turn, an upload or the microphone in a
 * folder of the data folder. What was there before the first save is kept beside it.
 */
import { constants } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type Fault, toFault } from '../../fault.ts';
import { formatOf, type LabelFile, readLabelsOf, writeLabels } from '../../vad-lab/labels/files.ts';
import { fitLabels, type Label } from '../../vad-lab/labels/label.ts';

export interface RecordingLabels {
  /** null when there are none. */
  readonly labels: readonly Label[] | null;
  /** Where they are from. */
  readonly file: string | null;
  /** Why the file can't be used. */
  readonly fault: Fault | null;
  readonly warnings: readonly string[];
}

/** @param places paths of recordings, real or not, beside which labels are looked for, in this order */
export async function findLabels(places: readonly string[], durationMs: number): Promise<RecordingLabels> {
  try {
    for (const place of places) {
      const found = await readLabelsOf(place);
      if (found) return fitted(found, durationMs);
    }
  } catch (thrown) {
    return { labels: null, file: null, fault: toFault(thrown), warnings: [] };
  }
  return { labels: null, file: null, fault: null, warnings: [] };
}

/**
 * @param place path of a recording, real or not, beside which they are saved
 * @param file that they were read from or saved to before; its format is kept
 * @returns the file. @throws Fault `labels-not-written`
 */
export async function saveLabels(
  place: string,
  file: string | null,
  labels: readonly Label[],
  durationMs: number,
): Promise<string> {
  const folder = dirname(place);
  const here = file !== null && dirname(file) === folder;
  await mkdir(folder, { recursive: true }).catch(() => {});
  // There may be none, or it was kept before.
  if (here) await copyFile(file, `${file}.before`, constants.COPYFILE_EXCL).catch(() => {});
  return writeLabels(folder, place, (here && formatOf(file)) || 'audacity', labels, durationMs);
}

function fitted({ path, labels }: LabelFile, durationMs: number): RecordingLabels {
  const fit = fitLabels(labels, durationMs);
  const warnings = fit.warnings.map((warning) => `${basename(path)}: ${warning}`);
  return { labels: fit.labels, file: path, fault: null, warnings };
}
