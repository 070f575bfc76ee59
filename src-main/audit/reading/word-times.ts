/**
 * When each word sounds in a recording, for whoever wants to jump there. Providers say when a piece of text begins, and
 * voice detection when somebody spoke; within these, words are taken to be as long as their share of the characters.
 */
import type { WordTimes } from '../../../src-preload/inspection.ts';
import { PIPELINE_RATE, samplesToMs } from '../../audio/frame.ts';
import type { SpeechSegment } from '../../speech/vad/vad.ts';
import type { ReplyRecord } from '../chain/records.ts';

/** Time that belongs to a stretch of text, in samples. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly spans: readonly SpeechSegment[];
}

const words = new Intl.Segmenter(undefined, { granularity: 'word' });

/** @param samples length of the recording, for one in which no speech was found */
export function userWordTimes(text: string, segments: readonly SpeechSegment[], samples: number): WordTimes {
  const spans = segments.length > 0 ? segments : [{ startSample: 0, endSample: samples }];
  return samples === 0 ? [] : timesIn(text, { from: 0, to: text.length, spans });
}

/** @param samples length of the recording, with which the last piece ends */
export function agentWordTimes(text: string, marks: ReplyRecord['marks'], samples: number): WordTimes {
  const places: { at: number; sample: number }[] = [];
  let end = 0;
  for (const { sample, text: piece } of marks) {
    // A node may have shown other words than were spoken: what is not found belongs to the piece before.
    const at = text.indexOf(piece.trim(), end);
    if (at < 0 || piece.trim() === '') continue;
    places.push({ at, sample });
    end = at + piece.trim().length;
  }
  return places.flatMap(({ at, sample }, index) => {
    const next = places[index + 1];
    const spans = [{ startSample: sample, endSample: next?.sample ?? samples }];
    return timesIn(text, { from: at, to: next?.at ?? text.length, spans });
  });
}

function timesIn(text: string, { from, to, spans }: Stretch): WordTimes {
  const piece = text.slice(from, to);
  const spoken = piece.trimEnd().length;
  const total = spans.reduce((sum, { startSample, endSample }) => sum + endSample - startSample, 0);
  return [...words.segment(piece)].flatMap(({ segment, index, isWordLike }) => {
    if (!isWordLike) return [];
    const startMs = msAt(spans, (total * index) / spoken, false);
    const endMs = msAt(spans, (total * (index + segment.length)) / spoken, true);
    return [{ from: from + index, to: from + index + segment.length, startMs, endMs }];
  });
}

/** Where the recording is after so much of the spans. @param ends whether what lies on a border ends there */
function msAt(spans: readonly SpeechSegment[], samples: number, ends: boolean): number {
  let left = samples;
  let last = 0;
  for (const { startSample, endSample } of spans) {
    const length = endSample - startSample;
    last = endSample;
    if (left < length || (ends && left === length)) return samplesToMs(startSample + left, PIPELINE_RATE);
    left -= length;
  }
  return samplesToMs(last, PIPELINE_RATE);
}
