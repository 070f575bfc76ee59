/** What the practice recogniser measured, as a sentence and back: the practice guide answers what it reads in it. */

export interface Measurement {
  /** How long voice detection heard speech; 0 when it heard none. */
  readonly speechMs: number;
  readonly phrases: number;
  /** Root mean square of the speech; full scale is 0. Not a number without speech. */
  readonly levelDbfs: number;
  /** More than one sample in a thousand was at the limit. */
  readonly clipped: boolean;
}

const COUNTS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

export function describeMeasurement({ speechMs, phrases, levelDbfs, clipped }: Measurement): string {
  if (speechMs === 0) return 'Measured, not understood: no speech.';
  const seconds = (speechMs / 1000).toFixed(1);
  const count = `${COUNTS[phrases] ?? phrases} ${phrases === 1 ? 'phrase' : 'phrases'}`;
  return `Measured, not understood: ${seconds} seconds of speech, in ${count}, at ${Math.round(levelDbfs)} dBFS${clipped ? ', clipped' : ''}.`;
}

/** @returns null for any other text. */
export function readMeasurement(text: string): Measurement | null {
  if (/^Measured, not understood: no speech\.$/.test(text)) {
    return { speechMs: 0, phrases: 0, levelDbfs: Number.NaN, clipped: false };
  }
  const match =
    /^Measured, not understood: ([\d.]+) seconds of speech, in (\w+) phrases?, at (-?\d+) dBFS(, clipped)?\.$/.exec(
      text,
    );
  if (!match) return null;
  const [, seconds = '', count = '', level = '', clipped] = match;
  const phrases = COUNTS.indexOf(count);
  return {
    speechMs: Math.round(Number(seconds) * 1000),
    phrases: phrases === -1 ? Number(count) : phrases,
    levelDbfs: Number(level),
    clipped: clipped !== undefined,
  };
}
