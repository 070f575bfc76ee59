/** What is asked of opened recordings again and again, while somebody moves a slider or a label. */

import type { CostWeights } from '../../src-preload/vad-parameters.ts';
import type { VadParameters } from '../../src-preload/vad-preset.ts';
import { Fault } from '../fault.ts';
import type { Label } from './labels/label.ts';
import { type Curves, curvesOf } from './metrics/curves.ts';
import { type Scorable, type Score, scorable, score } from './metrics/score.ts';
import type { Preset } from './presets.ts';
import type { Recording } from './recordings.ts';
import { writeReport } from './report/write-report.ts';
import { OfflineSegmenter, type Track } from './segmentation.ts';
import type { Tuning } from './tuning/tune.ts';
import { type Agreement, agreements, type NamedSetting, type SuspiciousPlace, suspiciousPlaces } from './unlabelled.ts';

/** In samples, segment by segment. */
export interface SegmentLists {
  readonly starts: number[];
  readonly ends: number[];
  /** By when a live detector knows that each is over. */
  readonly decided: number[];
}

export interface ReportOn {
  readonly title: string;
  readonly modelSha256: string;
  readonly preset: Preset;
  readonly tuning?: Tuning;
  readonly weights?: CostWeights;
}

export interface Comparison {
  readonly agreements: readonly Agreement[];
  readonly places: readonly SuspiciousPlace[];
}

const PLACES = 500;

export class Workbench {
  private readonly recordings: Recording[];
  /** null for recordings without labels. */
  private readonly labelled: (Scorable | null)[];
  private readonly segmenter = new OfflineSegmenter();

  /** @param recordings called by their place from here on: `0`, `1`… */
  constructor(recordings: readonly Recording[]) {
    this.recordings = [...recordings];
    this.labelled = recordings.map(({ track, labels }, i) => labels && scorable(String(i), track, labels));
  }

  /** @param labels as `fitLabels` makes them; null for none */
  setLabels(index: number, labels: readonly Label[] | null): void {
    const recording = { ...(this.recordings[index] as Recording), labels };
    this.recordings[index] = recording;
    this.labelled[index] = labels && scorable(String(index), recording.track, labels);
  }

  segment(index: number, lanes: readonly VadParameters[]): SegmentLists[] {
    return lanes.map((parameters) => {
      const { track } = this.recordings[index] as Recording;
      return segmentLists(this.segmenter, track, parameters);
    });
  }

  /** @throws Fault `labels-none` */
  score(settings: readonly VadParameters[], weights?: CostWeights): Score[] {
    const subjects = this.scorables();
    return settings.map((parameters) => score(subjects, parameters, weights));
  }

  /** @throws Fault `labels-none` */
  curves(): Curves {
    return curvesOf(this.scorables());
  }

  compare(settings: readonly NamedSetting[]): Comparison {
    const subjects = this.recordings.map(({ track }, index) => ({ path: String(index), track }));
    return {
      agreements: agreements(subjects, settings),
      places: suspiciousPlaces(subjects, settings).slice(0, PLACES),
    };
  }

  /** @param path of the page; the figures are written beside it. @throws Fault `report-not-written` */
  report(path: string, about: ReportOn): Promise<void> {
    const { recordings } = this;
    const subjects = recordings.flatMap(({ path: name, track, labels }) =>
      labels ? [scorable(name, track, labels)] : [],
    );
    const { weights, ...content } = about;
    const scored = { score: score(subjects, about.preset.parameters, weights), curves: curvesOf(subjects) };
    return writeReport(path, { ...content, recordings, ...(subjects.length > 0 ? scored : {}) });
  }

  private scorables(): Scorable[] {
    const subjects = this.labelled.filter((one) => one !== null);
    if (subjects.length === 0) throw noLabels();
    return subjects;
  }
}

export function segmentLists(segmenter: OfflineSegmenter, track: Track, parameters: VadParameters): SegmentLists {
  const { count, starts, ends, decided } = segmenter.run(track, parameters);
  const list = (values: Float64Array) => Array.from(values.subarray(0, count));
  return { starts: list(starts), ends: list(ends), decided: list(decided) };
}

export function noLabels(): Fault {
  return new Fault('labels-none', 'None of these recordings has labels that can be used', {
    hint: 'Put a file of the same name beside each: .txt (Audacity), .rttm, .TextGrid, .vtt or .scv',
  });
}
