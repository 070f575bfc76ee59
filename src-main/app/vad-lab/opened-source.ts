/** Recordings that were opened together: what the model heard in them, their labels, and what the window loads of them. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { VadLabels, VadRecordingView, VadSourceView } from '../../../src-preload/vad-lab-contract.ts';
import { Fault, reportFault } from '../../fault.ts';
import { fitLabels, type Label } from '../../vad-lab/labels/label.ts';
import type { Measured, Measurement } from '../../vad-lab/measure.ts';
import { peakLevels } from '../../vad-lab/peaks.ts';
import type { Recording } from '../../vad-lab/recordings.ts';
import { copySoundInThread } from '../../vad-lab/sound-copy.ts';
import type { Tuning } from '../../vad-lab/tuning/tune.ts';
import { WorkbenchThread } from '../../vad-lab/workbench-thread.ts';
import { findLabels, type RecordingLabels, saveLabels } from './recording-labels.ts';

/** A recording that is to be opened. */
export interface Chosen {
  /** Its file. */
  readonly path: string;
  readonly name: string;
  readonly turnId: string | null;
  /** Whether the file is the user's own, opened where it lies. */
  readonly own: boolean;
  /** Paths of recordings, real or not, beside which its labels are looked for; they are saved beside the first. */
  labelPlaces(audioSha256: string): readonly string[];
}

interface Opened {
  readonly chosen: Chosen;
  readonly measured: Measured;
  readonly durationMs: number;
  labels: RecordingLabels;
  /** Sound and peaks for the window, once somebody asked for them. */
  copy: Promise<void> | null;
}

/** Files that the window may load, by their names in the path. */
const FILES = { 'probabilities.f32': 'probabilities', 'sound.wav': 'sound', 'peaks.i16': 'peaks' } as const;
type FileName = keyof typeof FILES;

export class OpenedSource {
  readonly id: string;
  readonly modelSha256: string;
  /** By the ids that the window chose. */
  readonly tunings = new Map<string, Tuning>();
  readonly #folder: () => string;
  readonly #opened: readonly Opened[];
  readonly #failures: VadSourceView['failures'];
  readonly #warnings: readonly string[];
  readonly #bench: WorkbenchThread;

  /** @param folder makes, if it is missing, one of its own for what the window loads */
  static async open(
    id: string,
    folder: () => string,
    chosen: readonly Chosen[],
    measurement: Measurement,
    failures: VadSourceView['failures'],
  ): Promise<OpenedSource> {
    const opened: Opened[] = [];
    const failed = [...failures];
    for (const [i, measured] of measurement.recordings.entries()) {
      const one = chosen[i] as Chosen;
      if ('fault' in measured) {
        failed.push({ name: one.name, error: reportFault(measured.fault) });
        continue;
      }
      const { samples, sampleRate } = measured.track;
      const durationMs = (samples * 1000) / sampleRate;
      const labels = await findLabels(one.labelPlaces(measured.audioSha256), durationMs);
      opened.push({ chosen: one, measured, durationMs, labels, copy: null });
    }
    return new OpenedSource(id, folder, opened, failed, measurement);
  }

  private constructor(
    id: string,
    folder: () => string,
    opened: readonly Opened[],
    failures: VadSourceView['failures'],
    { modelSha256, warnings }: Measurement,
  ) {
    this.id = id;
    this.modelSha256 = modelSha256;
    this.#folder = folder;
    this.#opened = opened;
    this.#failures = failures;
    this.#warnings = warnings;
    this.#bench = new WorkbenchThread(this.recordings);
  }

  /** As they are now. */
  get recordings(): Recording[] {
    return this.#opened.map(({ chosen, measured, durationMs, labels }) => ({
      ...measured,
      path: chosen.own ? chosen.path : chosen.name,
      durationMs,
      labels: labels.labels,
    }));
  }

  get bench(): WorkbenchThread {
    return this.#bench;
  }

  get view(): VadSourceView {
    return {
      id: this.id,
      modelSha256: this.modelSha256,
      recordings: this.#opened.map((one, i) => this.#recordingView(one, i)),
      failures: this.#failures,
      warnings: this.#warnings,
    };
  }

  /** Whether one of its recordings is of the log. */
  get ofTheLog(): boolean {
    return this.#opened.some(({ chosen }) => chosen.turnId !== null);
  }

  /** @returns its place. @throws Fault `recording-unknown` */
  indexOf(recordingId: string): number {
    this.#recording(recordingId);
    return Number(recordingId);
  }

  async setLabels(recordingId: string, labels: readonly Label[] | null): Promise<VadLabels> {
    const one = this.#recording(recordingId);
    const fitted = labels ? fitLabels(labels, one.durationMs) : { labels: null, warnings: [] };
    one.labels = { ...one.labels, labels: fitted.labels };
    await this.#bench.ask('setLabels', Number(recordingId), fitted.labels);
    return { labels: fitted.labels ?? [], warnings: fitted.warnings };
  }

  /** @returns where they were saved. @throws Fault `labels-not-written`, or that of a file that can't be used */
  async saveLabels(recordingId: string): Promise<string> {
    const one = this.#recording(recordingId);
    const { chosen, measured, labels, durationMs } = one;
    if (labels.fault) throw labels.fault;
    const [place] = chosen.labelPlaces(measured.audioSha256);
    const file = await saveLabels(place as string, labels.file, labels.labels ?? [], durationMs);
    one.labels = { ...labels, file };
    return file;
  }

  /** Name and length of a recording, and its labels as they are. */
  labelsOf(recordingId: string): { name: string; labels: readonly Label[]; durationMs: number } {
    const { chosen, labels, durationMs } = this.#recording(recordingId);
    return { name: basename(chosen.path), labels: labels.labels ?? [], durationMs };
  }

  /** Path of a file that the window may load, written when it is first asked for; null when there is none of that name. */
  async file(recordingId: string, name: string): Promise<string | null> {
    const one = this.#opened[Number(recordingId)];
    if (!one || !Object.hasOwn(FILES, name)) return null;
    const path = this.#pathOf(recordingId, name as FileName);
    if (FILES[name as FileName] === 'probabilities') {
      const { probabilities } = one.measured.track;
      if (!existsSync(path)) await writeFile(path, new Uint8Array(Float32Array.from(probabilities).buffer));
    } else {
      one.copy ??= this.#copy(one, recordingId).catch((thrown) => {
        one.copy = null;
        throw thrown;
      });
      await one.copy;
    }
    return path;
  }

  close(): void {
    this.#bench.close();
  }

  #copy({ chosen, measured }: Opened, recordingId: string): Promise<void> {
    const { sampleRate, samples } = measured.track;
    return copySoundInThread({
      path: chosen.path,
      sampleRate,
      samples,
      soundPath: this.#pathOf(recordingId, 'sound.wav'),
      peaksPath: this.#pathOf(recordingId, 'peaks.i16'),
    });
  }

  #pathOf(recordingId: string, name: FileName): string {
    return join(this.#folder(), `${recordingId}-${name}`);
  }

  #recording(recordingId: string): Opened {
    const one = /^\d+$/.test(recordingId) ? this.#opened[Number(recordingId)] : undefined;
    if (one) return one;
    throw new Fault('recording-unknown', `There is no recording ${recordingId} in this source`, {
      hint: 'Open it again.',
    });
  }

  #recordingView({ chosen, measured, durationMs, labels }: Opened, index: number): VadRecordingView {
    const { sampleRate, samples } = measured.track;
    const url = (name: FileName) => `/vad-lab/${this.id}/${index}/${name}`;
    return {
      id: String(index),
      name: chosen.name,
      path: chosen.own ? chosen.path : null,
      turnId: chosen.turnId,
      audioSha256: measured.audioSha256,
      sampleRate,
      samples,
      durationMs,
      warnings: [...measured.flaws.map(capitalised), ...labels.warnings],
      labels: labels.labels,
      labelFile: labels.file,
      labelFault: labels.fault && reportFault(labels.fault),
      probabilitiesPath: url('probabilities.f32'),
      soundPath: url('sound.wav'),
      peaksPath: url('peaks.i16'),
      peakLevels: peakLevels(samples),
    };
  }
}

/** What is odd is said elsewhere behind the name of its file. */
function capitalised(flaw: string): string {
  return flaw.charAt(0).toUpperCase() + flaw.slice(1);
}
