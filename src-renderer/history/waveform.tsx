/**
 * The outline of a recording: played dark, the rest grey, what was never heard lighter still; over it, how sure voice
 * detection was of speech, and what it took for speech.
 */
import './waveform.css';
import type { InspectionView } from '../../src-preload/inspection.ts';
import { meterHeight } from '../audio/levels.ts';
import { PARTS } from './peaks.ts';

const HEIGHT = 32;

interface WaveformProps {
  /** From 0 to 1. */
  readonly peaks: readonly number[];
  readonly durationMs: number;
  /** How much of it, from 0 to 1. */
  readonly played: number;
  readonly heard: number;
  /** null leaves it out. */
  readonly vad: InspectionView['vad'] | null;
}

export function Waveform({ peaks, durationMs, played, heard, vad }: WaveformProps) {
  const at = (share: number) => Math.round(share * peaks.length);
  return (
    <svg className="waveform" viewBox={`0 0 ${PARTS} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {vad?.segments.map(({ startMs, endMs }) => (
        <rect
          key={startMs}
          className="waveform-speech"
          x={(PARTS * startMs) / durationMs}
          width={(PARTS * (endMs - startMs)) / durationMs}
          height={HEIGHT}
        />
      ))}
      <path className="waveform-rest" d={bars(peaks, 0, at(heard))} />
      <path className="waveform-unheard" d={bars(peaks, at(heard), peaks.length)} />
      <path className="waveform-played" d={bars(peaks, 0, at(played))} />
      {heard < 1 && <path className="waveform-mark" d={`M${heard * PARTS} 0V${HEIGHT}`} />}
      {vad && (
        <>
          {vad.threshold !== null && (
            <path className="waveform-threshold" d={`M0 ${HEIGHT * (1 - vad.threshold)}H${PARTS}`} />
          )}
          <path className="waveform-vad" d={curve(vad, durationMs)} />
        </>
      )}
    </svg>
  );
}

function bars(peaks: readonly number[], from: number, to: number): string {
  return peaks
    .slice(from, to)
    .map((peak, index) => {
      const half = Math.max(0.75, 15 * Math.sqrt(meterHeight(peak)));
      return `M${from + index + 0.5} ${HEIGHT / 2 - half}V${HEIGHT / 2 + half}`;
    })
    .join('');
}

/** More points than that can't be told apart: the surest of those that fall together is shown. */
const MOST_POINTS = 4 * PARTS;

function curve({ probabilities, windowMs }: InspectionView['vad'], durationMs: number): string {
  const together = Math.ceil(probabilities.length / MOST_POINTS);
  const points: string[] = [];
  for (let first = 0; first < probabilities.length; first += together) {
    const probability = Math.max(...probabilities.slice(first, first + together));
    const x = Math.min(PARTS, (PARTS * (first + together / 2) * windowMs) / durationMs);
    points.push(`${x.toFixed(2)} ${(HEIGHT * (1 - probability)).toFixed(2)}`);
  }
  return points.length > 0 ? `M${points.join('L')}` : '';
}
