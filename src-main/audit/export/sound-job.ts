/** What the writers of sound are given. */
import type { ExportTrack } from '../../../src-preload/export-formats.ts';
import type { Anchor } from '../chain/anchors.ts';
import type { Timeline } from './timeline.ts';

export interface SoundJob {
  readonly home: string;
  readonly timeline: Timeline;
  readonly track: ExportTrack;
  /** Shown by players. */
  readonly tags: SoundTags;
  /** Told how much is done, 0 to 1. */
  progress(done: number): void;
  readonly signal: AbortSignal;
}

export interface SoundTags {
  readonly title: string;
  readonly agent: string;
  /** Milliseconds since the epoch. */
  readonly recordedAt: number;
  /** How far the log reached. */
  readonly anchor: Anchor | null;
  /** In the order of their starts; milliseconds. */
  readonly chapters: readonly { readonly startMs: number; readonly endMs: number; readonly title: string }[];
}
