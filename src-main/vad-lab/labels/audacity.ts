/**
 * Audacity's exported label tracks: `start<TAB>end<TAB>text` in seconds; a line that begins with a backslash belongs to
 * the one before it (its frequencies).
 * Source: https://manual.audacityteam.org/man/importing_and_exporting_labels.html
 */
import {
  inSeconds,
  type Label,
  LabelError,
  type LabelFormat,
  makeLabel,
  marksSpeech,
  numberedLines,
  readNumber,
} from './label.ts';

export const audacity: LabelFormat = {
  extension: '.txt',
  read(text) {
    const labels: Label[] = [];
    for (const [number, line] of numberedLines(text)) {
      if (line.trim() === '' || line.startsWith('\\')) continue;
      const [start, end, ...words] = line.split('\t');
      if (start === undefined || end === undefined) {
        throw new LabelError(number, 'a label of Audacity is start, tab, end, tab, text');
      }
      const [startMs, endMs] = [start, end].map((field) => readNumber(field.trim().replace(',', '.'), number) * 1000);
      const label = makeLabel(startMs as number, endMs as number, words.join('\t').trim(), number);
      // Labels without text are what Ctrl+B makes.
      if (label.text === '' || marksSpeech(label.text)) labels.push(label);
    }
    return labels;
  },
  write: (labels) =>
    labels.map(({ startMs, endMs, text }) => `${inSeconds(startMs, 6)}\t${inSeconds(endMs, 6)}\t${text}\n`).join(''),
};
