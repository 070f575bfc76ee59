/** Where somebody says that speech is: the one form that every format of label files is read into and written from. */
import { Fault } from '../../fault.ts';

export interface Label {
  readonly startMs: number;
  readonly endMs: number;
  /** What the file says of it; may be empty. */
  readonly text: string;
}

/** How one format is read and written. */
export interface LabelFormat {
  /** With its dot. */
  readonly extension: string;
  /**
   * @param recording name of the recording, without folder and extension
   * @returns the stretches of speech, in the order of the file
   * @throws LabelError
   */
  read(text: string, recording: string): Label[];
  /** @param labels ordered and disjoint @param durationMs of the recording */
  write(labels: readonly Label[], recording: string, durationMs: number): string;
}

/** What is wrong with a line of a label file. */
export class LabelError extends Error {
  override readonly name = 'LabelError';
  /** From 1. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Names by which labellers mark what is not speech. */
const NOT_SPEECH = /^(|0|#|\*|<?sil(ence)?>?|sp|nonspeech|non-speech|noise|music|pause|<p:>|xxx)$/i;

export function marksSpeech(text: string): boolean {
  return !NOT_SPEECH.test(text.trim());
}

/** @throws LabelError unless 0 ≤ start ≤ end */
export function makeLabel(startMs: number, endMs: number, text: string, line: number): Label {
  if (!Number.isFinite(startMs) || !Number.isFinite(endMs)) throw new LabelError(line, 'a time is not a number');
  if (startMs < 0) throw new LabelError(line, 'a label begins before the recording');
  if (endMs < startMs) throw new LabelError(line, 'a label ends before it begins');
  return { startMs, endMs, text };
}

export interface FittedLabels {
  /** Ordered, disjoint, not empty, inside the recording. */
  readonly labels: readonly Label[];
  /** What had to be changed, one sentence each. */
  readonly warnings: readonly string[];
}

/** Labels that end this little after their recording do so by rounding. */
const ROUNDING_MS = 50;

/**
 * Makes labels fit for scoring: sorted, overlapping ones joined, those past the end cut.
 * @throws Fault `labels-elsewhere` when all of them lie past the end: they belong to another recording
 */
export function fitLabels(labels: readonly Label[], durationMs: number): FittedLabels {
  const warnings: string[] = [];
  const inside = labels.filter(({ startMs }) => startMs < durationMs);
  if (labels.length > 0 && inside.length === 0) {
    throw new Fault('labels-elsewhere', `All labels lie past the end of the recording (${seconds(durationMs)})`, {
      hint: 'Check that they belong to this recording',
    });
  }
  if (inside.length < labels.length) {
    warnings.push(
      `${count(labels.length - inside.length, 'label lies past the end and counts', 'labels lie past the end and count')} for nothing`,
    );
  }
  const reaching = inside.filter(({ endMs }) => endMs > durationMs + ROUNDING_MS).length;
  if (reaching > 0) {
    warnings.push(
      `${count(reaching, 'label reaches', 'labels reach')} past the end and ${reaching === 1 ? 'is' : 'are'} cut there`,
    );
  }
  const fitted: Label[] = [];
  let overlaps = 0;
  for (const label of [...inside].sort((a, b) => a.startMs - b.startMs)) {
    const endMs = Math.min(label.endMs, durationMs);
    if (endMs <= label.startMs) continue;
    const last = fitted.at(-1);
    if (last && label.startMs < last.endMs) {
      overlaps++;
      const text = [last.text, label.text].filter(Boolean).join(' ');
      fitted[fitted.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, endMs), text };
    } else {
      fitted.push({ ...label, endMs });
    }
  }
  if (overlaps > 0)
    warnings.push(
      `${count(overlaps, 'label overlaps another and counts', 'labels overlap another and count')} as one with it`,
    );
  return { labels: fitted, warnings };
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** `1.500 s` */
function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}

/** Lines with their numbers, from 1; a byte order mark is left out. */
export function* numberedLines(text: string): Generator<readonly [number, string]> {
  for (const [i, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries())
    yield [i + 1, line];
}

/** @throws LabelError when it is not a plain decimal number */
export function readNumber(text: string, line: number): number {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw new LabelError(line, `“${text}” is not a number`);
  return Number(text);
}

export function inSeconds(ms: number, digits: number): string {
  return (ms / 1000).toFixed(digits);
}
