/**
 * The labels of the TEN VAD test set: one line `name,start,end,flag,start,end,flag…` in seconds, flag 1 for speech.
 * Source: https://github.com/TEN-framework/ten-vad, `testset`.
 */
import { inSeconds, type Label, LabelError, type LabelFormat, makeLabel, numberedLines, readNumber } from './label.ts';

export const scv: LabelFormat = {
  extension: '.scv',
  read(text, recording) {
    const labels: Label[] = [];
    for (const [number, line] of numberedLines(text)) {
      if (line.trim() === '') continue;
      const [name, ...fields] = line.split(',').map((field) => field.trim());
      if (name !== recording) throw new LabelError(number, `it is for ${name}, not for ${recording}`);
      if (fields.length % 3 !== 0) throw new LabelError(number, 'after the name come threes of start, end, flag');
      for (let i = 0; i < fields.length; i += 3) {
        const [start, end, flag] = fields.slice(i, i + 3) as [string, string, string];
        const startMs = readNumber(start, number) * 1000;
        const label = makeLabel(startMs, readNumber(end, number) * 1000, '', number);
        if (flag !== '0' && flag !== '1') throw new LabelError(number, `the flag “${flag}” is neither 0 nor 1`);
        if (flag === '1') labels.push(label);
      }
    }
    return labels;
  },
  write(labels, recording, durationMs) {
    const fields = [recording];
    const add = (startMs: number, endMs: number, flag: string) => {
      if (endMs > startMs) fields.push(inSeconds(startMs, 3), inSeconds(endMs, 3), flag);
    };
    let at = 0;
    for (const { startMs, endMs } of labels) {
      add(at, startMs, '0');
      add(startMs, endMs, '1');
      at = endMs;
    }
    add(at, durationMs, '0');
    return `${fields.join(',')}\n`;
  },
};
