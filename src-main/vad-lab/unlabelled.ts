/**
 * What can be said of recordings without labels: how far settings agree, and where it is worth listening, because they
 * do not, or because the model itself was undecided.
 */

import { negativeThresholdOf } from '../../src-preload/vad-parameters.ts';
import type { VadParameters } from '../../src-preload/vad-preset.ts';
import { FRAME_MS, firstFrameFrom } from './metrics/reference.ts';
import { OfflineSegmenter, type Track } from './segmentation.ts';

export interface NamedSetting {
  readonly id: string;
  readonly parameters: VadParameters;
}

export interface Agreement {
  readonly a: string;
  readonly b: string;
  /** Share of 10 ms frames on which both say the same. */
  readonly share: number;
  /** The same beyond chance, Cohen's kappa: 1 is always, 0 as often as by chance. */
  readonly kappa: number;
}

export interface SuspiciousPlace {
  readonly path: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly why: 'settings-disagree' | 'model-undecided';
  /** The settings that hear speech here. */
  readonly speechBy: readonly string[];
}

export interface Unlabelled {
  readonly path: string;
  readonly track: Track;
}

/** Shorter places are not worth a key press. */
const SHORTEST_PLACE_MS = 100;

export function agreements(recordings: readonly Unlabelled[], settings: readonly NamedSetting[]): Agreement[] {
  const decisions = settings.map(({ parameters }) => recordings.map(({ track }) => decisionsOf(track, parameters)));
  return settings.flatMap((a, i) =>
    settings.slice(i + 1).map((b, offset): Agreement => {
      const counts = [0, 0, 0, 0];
      for (const [r, own] of (decisions[i] as Uint8Array[]).entries()) {
        const other = (decisions[i + 1 + offset] as Uint8Array[])[r] as Uint8Array;
        for (let f = 0; f < own.length; f++) {
          const which = 2 * (own[f] as number) + (other[f] as number);
          counts[which] = (counts[which] as number) + 1;
        }
      }
      return { a: a.id, b: b.id, ...agreementOf(counts as [number, number, number, number]) };
    }),
  );
}

/** Longest first. @param settings whose disagreement counts; the first one's thresholds say what undecided is */
export function suspiciousPlaces(
  recordings: readonly Unlabelled[],
  settings: readonly NamedSetting[],
): SuspiciousPlace[] {
  const places = recordings.flatMap(({ path, track }) => {
    const decisions = settings.map(({ parameters }) => decisionsOf(track, parameters));
    const undecided = undecidedFrames(track, settings[0]?.parameters);
    return runs(path, settings, decisions, undecided);
  });
  return places.sort((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs));
}

/** @param counts of frames that neither, only the second, only the first, both call speech */
function agreementOf([neither, onlyB, onlyA, both]: [number, number, number, number]) {
  const frames = neither + onlyA + onlyB + both;
  const share = frames > 0 ? (neither + both) / frames : 1;
  const byChance =
    frames > 0 ? ((onlyA + both) * (onlyB + both) + (neither + onlyB) * (neither + onlyA)) / frames ** 2 : 1;
  return { share, kappa: byChance < 1 ? (share - byChance) / (1 - byChance) : 1 };
}

/** 1 for each 10 ms frame of speech. */
function decisionsOf(track: Track, parameters: VadParameters): Uint8Array {
  const frames = new Uint8Array(firstFrameFrom(track.samples, track.sampleRate));
  const { count, starts, ends } = new OfflineSegmenter().run(track, parameters);
  for (let i = 0; i < count; i++) {
    const first = firstFrameFrom(starts[i] as number, track.sampleRate);
    frames.fill(1, first, firstFrameFrom(ends[i] as number, track.sampleRate));
  }
  return frames;
}

/** 1 for each frame whose window lies between the thresholds. */
function undecidedFrames(track: Track, parameters: VadParameters | undefined): Uint8Array {
  const frames = new Uint8Array(firstFrameFrom(track.samples, track.sampleRate));
  if (!parameters) return frames;
  const negative = negativeThresholdOf(parameters);
  for (let f = 0; f < frames.length; f++) {
    const probability = track.probabilities[Math.floor(((f + 0.5) * FRAME_MS) / 32)] ?? 0;
    if (probability >= negative && probability < parameters.threshold) frames[f] = 1;
  }
  return frames;
}

/** Stretches of frames that are odd in the same way. */
function runs(
  path: string,
  settings: readonly NamedSetting[],
  decisions: readonly Uint8Array[],
  undecided: Uint8Array,
): SuspiciousPlace[] {
  const places: SuspiciousPlace[] = [];
  const oddity = (frame: number): string => {
    const votes = decisions.map((own) => own[frame] ?? 0).join('');
    if (votes.includes('0') && votes.includes('1')) return votes;
    return undecided[frame] ? `=${votes}` : '';
  };
  let start = 0;
  let current = '';
  for (let frame = 0; frame <= undecided.length; frame++) {
    const here = frame < undecided.length ? oddity(frame) : '';
    if (here === current) continue;
    if (current !== '' && (frame - start) * FRAME_MS >= SHORTEST_PLACE_MS) {
      const votes = current.replace('=', '');
      places.push({
        path,
        startMs: start * FRAME_MS,
        endMs: frame * FRAME_MS,
        why: current.startsWith('=') ? 'model-undecided' : 'settings-disagree',
        speechBy: settings.flatMap(({ id }, i) => (votes[i] === '1' ? [id] : [])),
      });
    }
    start = frame;
    current = here;
  }
  return places;
}
