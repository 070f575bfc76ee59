/**
 * RTTM, the format of NIST's evaluations: `SPEAKER file channel start duration <NA> <NA> name <NA> <NA>`, in seconds.
 * Source: NIST, "The 2009 (RT-09) Rich Transcription Meeting Recognition Evaluation Plan", appendix A.
 */
import { inSeconds, type Label, LabelError, type LabelFormat, makeLabel, numberedLines, readNumber } from './label.ts';

export const rttm: LabelFormat = {
  extension: '.rttm',
  read(text, recording) {
    const labels: Label[] = [];
    const others = new Set<string>();
    let firstOther = 0;
    for (const [number, line] of numberedLines(text)) {
      const [type, file, , start, duration, , , name = ''] = line.trim().split(/\s+/);
      if (!type || type.startsWith(';;') || type !== 'SPEAKER') continue;
      if (start === undefined || duration === undefined) {
        throw new LabelError(number, 'a SPEAKER line needs a file, a channel, a start and a duration');
      }
      const startMs = readNumber(start, number) * 1000;
      const label = makeLabel(startMs, startMs + readNumber(duration, number) * 1000, name, number);
      if (file === recording) {
        labels.push(label);
      } else {
        firstOther ||= number;
        others.add(String(file));
      }
    }
    if (labels.length === 0 && others.size > 0) {
      throw new LabelError(firstOther, `it is for ${[...others].join(', ')}, not for ${recording}`);
    }
    return labels;
  },
  write: (labels, recording) =>
    labels
      .map(({ startMs, endMs, text }) => {
        const fields = [recording, '1', inSeconds(startMs, 3), inSeconds(endMs - startMs, 3), '<NA>', '<NA>'];
        return `SPEAKER ${fields.join(' ')} ${text.trim().replace(/\s+/g, '_') || 'speech'} <NA> <NA>\n`;
      })
      .join(''),
};
