/** What the VAD Lab knows at one moment. What moves with every frame (the axis, the playhead) is not in it. */
import type { CommandInput, FaultView } from '../../src-preload/contract.ts';
import type {
  VadComparison,
  VadParameters,
  VadPresetView,
  VadRecordingView,
  VadScore,
  VadSourceView,
  VadTuning,
} from '../../src-preload/vad-lab-contract.ts';
import type { CostWeights } from '../../src-preload/vad-parameters.ts';
import type { Segment } from './drawing/lanes.ts';
import type { LabelDraft } from './label-editing.ts';
import type { Media } from './media.ts';
import type { Span } from './spans.ts';

/** Which parts of a recording are heard when it is played. */
export type Hearing = 'all' | 'kept' | 'cut';
export type Panel = 'settings' | 'labels' | 'scores' | 'tune' | 'places';

export interface Lane {
  /** Id of the preset; null for the settings that are being changed. */
  readonly presetId: string | null;
  readonly segments: readonly Segment[];
}

type From = CommandInput<'vadLab.open'>['from'];

/** Where recordings are; files that the window was given are brought to the core each time. */
export type Origin = Exclude<From, { kind: 'uploads' }> | { readonly kind: 'given'; readonly files: readonly File[] };

/** One search for the best settings, as far as it is. */
export interface Tuning {
  readonly id: string;
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  readonly evaluated: number;
  /** null while it is not known. */
  readonly of: number | null;
  readonly result: VadTuning | null;
  readonly fault: FaultView | null;
}

/** Suspicious places, as far as they were listened to. */
export interface Places {
  readonly found: VadComparison;
  /** Of the place that was listened to last; null before the first. */
  readonly index: number | null;
}

export interface LabState {
  readonly source: VadSourceView | null;
  /** Where the source is opened from; null for what the microphone brought. */
  readonly origin: Origin | null;
  /** While recordings are read and measured. */
  readonly opening: { readonly done: number; readonly of: number } | null;
  /** Why recordings could not be opened, or the last thing asked for was refused. */
  readonly fault: FaultView | null;
  readonly chosenId: string | null;
  /** Of the chosen recording, once it is loaded. */
  readonly media: Media | null;
  readonly parameters: VadParameters;
  readonly presets: readonly VadPresetView[];
  /** The preset that the parameters began with. */
  readonly presetId: string | null;
  /** Presets whose segments are shown beside. */
  readonly compared: readonly string[];
  /** Of the chosen recording, the own one first. */
  readonly lanes: readonly Lane[];
  /** By recording. */
  readonly drafts: ReadonlyMap<string, LabelDraft>;
  /** Of the parameters on all recordings with labels; null when there are none. */
  readonly score: VadScore | null;
  /** What the detection cost is made of. */
  readonly cost: CostWeights;
  /** Whether the list of recordings begins with the lowest scores. */
  readonly worstFirst: boolean;
  readonly tuning: Tuning | null;
  readonly places: Places | null;
  /** While the microphone is the source. */
  readonly listening: boolean;
  /** What is to be opened, once it is settled what becomes of labels that are not saved. */
  readonly pending: (() => Promise<void>) | null;
  /** A stretch to be looped, labelled, looked at. */
  readonly selection: Span | null;
  readonly looping: boolean;
  readonly hearing: Hearing;
  readonly playing: boolean;
  readonly panel: Panel;
  readonly spectrogram: boolean;
}

export const NOTHING_OPEN = {
  source: null,
  origin: null,
  opening: null,
  fault: null,
  chosenId: null,
  media: null,
  lanes: [],
  drafts: new Map(),
  score: null,
  tuning: null,
  places: null,
  pending: null,
  listening: false,
  selection: null,
} as const satisfies Partial<LabState>;

export function chosenRecording({ chosenId, source }: LabState): VadRecordingView | null {
  return source?.recordings.find(({ id }) => id === chosenId) ?? null;
}

export function chosenDraft({ chosenId, drafts }: LabState): LabelDraft | null {
  return chosenId === null ? null : (drafts.get(chosenId) ?? null);
}

const NO_SEGMENTS: readonly Segment[] = [];

/** What the parameters that are being changed keep. */
export function ownSegments({ lanes }: LabState): readonly Segment[] {
  return lanes.find(({ presetId }) => presetId === null)?.segments ?? NO_SEGMENTS;
}
