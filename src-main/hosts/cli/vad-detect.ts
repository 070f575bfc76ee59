/** `squelch vad detect`: the segments of speech in recordings, as a list, as JSON, as label files. */
import { Fault, toFault } from '../../fault.ts';
import { makeFolder } from '../../folder.ts';
import { LABEL_FORMATS, type LabelFormatName, writeLabels } from '../../vad-lab/labels/files.ts';
import type { Failure, Recording } from '../../vad-lab/recordings.ts';
import { writeReport } from '../../vad-lab/report/write-report.ts';
import { segmentTrack } from '../../vad-lab/segmentation.ts';
import { checkWritable } from './check-writable.ts';
import { EXIT, mention, report, UsageError } from './report.ts';
import {
  choosePreset,
  collectRecordings,
  failureDocuments,
  presetWarnings,
  tellTroubles,
  type VadCommandOptions,
} from './vad-recordings.ts';

export interface DetectOptions extends VadCommandOptions {
  readonly preset: string;
  readonly labels?: string;
  readonly out?: string;
}

interface Detected {
  readonly file: string;
  readonly segments: readonly { readonly startMs: number; readonly endMs: number }[];
  readonly durationMs: number;
  readonly modelSha256: string;
}

/** @returns the exit status. @throws UsageError, Fault */
export async function detect(named: readonly string[], options: DetectOptions): Promise<number> {
  const format = labelFormat(options);
  if (options.report) await checkWritable(options.report, '--report');
  const preset = await choosePreset(options.preset, options);
  const collection = await collectRecordings(named, options, options.report !== undefined);
  const { modelSha256, recordings } = collection;
  const warnings = presetWarnings(preset, modelSha256);
  const detected = recordings.map((recording) => detectIn(recording));
  const failures = [...collection.failures];
  if (format) failures.push(...(await writeAll(recordings, detected, format, options.out as string)));
  if (options.report) await writeReport(options.report, { title: 'Speech found', modelSha256, preset, recordings });
  tellTroubles([...warnings, ...collection.warnings], failures);
  report(options.json ?? false, [...detected, ...failureDocuments(failures)], detected.map(textOf).join('\n'));
  return failures.length > 0 ? EXIT.failed : EXIT.done;

  function detectIn({ path, track, durationMs }: Recording): Detected {
    const toMs = (sample: number) => (sample * 1000) / track.sampleRate;
    const segments = segmentTrack(track, preset.parameters).map(({ startSample, endSample }) => ({
      startMs: toMs(startSample),
      endMs: toMs(endSample),
    }));
    return { file: path, segments, durationMs, modelSha256 };
  }
}

function labelFormat({ labels, out }: DetectOptions): LabelFormatName | null {
  if (labels === undefined && out === undefined) return null;
  if (labels === undefined || out === undefined) throw new UsageError('--labels FORMAT and --out DIR belong together');
  if (!Object.hasOwn(LABEL_FORMATS, labels)) {
    throw new UsageError(`--labels must be one of ${Object.keys(LABEL_FORMATS).join(', ')}`);
  }
  return labels as LabelFormatName;
}

async function writeAll(
  recordings: readonly Recording[],
  detected: readonly Detected[],
  format: LabelFormatName,
  folder: string,
): Promise<Failure[]> {
  try {
    makeFolder(folder, 0o777);
  } catch (cause) {
    throw new Fault('labels-not-written', `${folder} can't be made: ${(cause as Error).message}`, {
      hint: 'Give --out a folder that can be written',
      cause,
    });
  }
  const failures: Failure[] = [];
  for (const [i, { path, durationMs }] of recordings.entries()) {
    const labels = (detected[i] as Detected).segments.map((segment) => ({ ...segment, text: 'speech' }));
    try {
      mention(`Wrote ${await writeLabels(folder, path, format, labels, durationMs)}`);
    } catch (thrown) {
      failures.push({ path, fault: toFault(thrown) });
    }
  }
  return failures;
}

function textOf({ file, segments, durationMs }: Detected): string {
  const seconds = (ms: number) => (ms / 1000).toFixed(3).padStart(9);
  const spokenMs = segments.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const facts = `${segments.length} segments, ${(spokenMs / 1000).toFixed(1)} of ${(durationMs / 1000).toFixed(1)} s`;
  return [`${file}  ${facts}`, ...segments.map((s) => `${seconds(s.startMs)} ${seconds(s.endMs)}`)].join('\n');
}
