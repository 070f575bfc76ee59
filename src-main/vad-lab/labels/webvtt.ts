/**
 * WebVTT: cues of `hh:mm:ss.ttt --> hh:mm:ss.ttt` and their text.
 * Source: https://www.w3.org/TR/webvtt1/
 */
import { type Label, LabelError, type LabelFormat, makeLabel, numberedLines } from './label.ts';

const TIME = String.raw`(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})`;
const TIMING = new RegExp(`^\\s*${TIME}\\s+-->\\s+${TIME}(\\s.*)?$`);

export const webvtt: LabelFormat = {
  extension: '.vtt',
  read(text) {
    const labels: Label[] = [];
    let cue: { startMs: number; endMs: number; words: string[]; line: number } | null = null;
    const close = () => {
      if (cue) labels.push(makeLabel(cue.startMs, cue.endMs, cue.words.join(' '), cue.line));
      cue = null;
    };
    for (const [number, line] of numberedLines(text)) {
      if (number === 1 && !/^WEBVTT([ \t].*)?$/.test(line)) throw new LabelError(1, 'it does not begin with WEBVTT');
      if (line.includes('-->')) {
        close();
        const times = TIMING.exec(line);
        if (!times) throw new LabelError(number, 'a cue’s times are hh:mm:ss.ttt --> hh:mm:ss.ttt');
        cue = { startMs: toMs(times.slice(1, 5)), endMs: toMs(times.slice(5, 9)), words: [], line: number };
      } else if (line.trim() === '') {
        close();
      } else if (cue) {
        cue.words.push(line.trim());
      }
    }
    close();
    return labels;
  },
  write: (labels) =>
    [
      'WEBVTT\n',
      ...labels.map(({ startMs, endMs, text }) => `${stamp(startMs)} --> ${stamp(endMs)}\n${cueText(text)}\n`),
    ].join('\n'),
};

function toMs([hours = '0', minutes, seconds, milliseconds]: readonly (string | undefined)[]): number {
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(milliseconds);
}

function stamp(ms: number): string {
  const whole = Math.round(ms);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const milliseconds = String(whole % 1000).padStart(3, '0');
  return `${two(whole / 3_600_000)}:${two((whole / 60_000) % 60)}:${two((whole / 1000) % 60)}.${milliseconds}`;
}

/** A cue's text must not be empty, and must not look like the times of another. */
function cueText(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replaceAll('-->', '→') || 'speech';
}
