/** The outline of a recording: played dark, the rest grey, what was never heard lighter still. */
import { meterHeight } from '../audio/levels.ts';

interface WaveformProps {
  /** From 0 to 1. */
  readonly peaks: readonly number[];
  /** How much of it, from 0 to 1. */
  readonly played: number;
  readonly heard: number;
}

export function Waveform({ peaks, played, heard }: WaveformProps) {
  const at = (share: number) => Math.round(share * peaks.length);
  return (
    <svg
      className="waveform"
      viewBox={`0 0 ${Math.max(1, peaks.length)} 32`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className="waveform-rest" d={bars(peaks, 0, at(heard))} />
      <path className="waveform-unheard" d={bars(peaks, at(heard), peaks.length)} />
      <path className="waveform-played" d={bars(peaks, 0, at(played))} />
      {heard < 1 && <path className="waveform-mark" d={`M${at(heard)} 0V32`} />}
    </svg>
  );
}

function bars(peaks: readonly number[], from: number, to: number): string {
  return peaks
    .slice(from, to)
    .map((peak, index) => {
      const half = Math.max(0.75, 15 * Math.sqrt(meterHeight(peak)));
      return `M${from + index + 0.5} ${16 - half}V${16 + half}`;
    })
    .join('');
}
