import { setImmediate as nextRound } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { AudioFrame } from '../../../src-main/audio/frame.ts';
import { concatSamples } from '../../../src-main/audio/frame.ts';
import { Take } from '../../../src-main/conversation/take.ts';
import type { VadReport, VadStream } from '../../../src-main/speech/vad/vad.ts';

/** A detector that reports what it is told to, frame by frame. */
function detector(reports: Partial<VadReport>[] = []): VadStream {
  let next = 0;
  return {
    push: async () => ({
      probabilities: [],
      speaking: false,
      segmentEnded: false,
      silenceMs: 0,
      ...reports[next++],
    }),
    finish: async () => ({ probabilities: [], segments: [] }),
  };
}

function open(vad: VadStream, minSilenceMs = 250) {
  const log: string[] = [];
  const measured: number[] = [];
  const captured: Int16Array[] = [];
  const take = new Take(vad, minSilenceMs, {
    firstSample: () => log.push('first sample'),
    captured: (samples) => captured.push(samples),
    measured: (probabilities) => measured.push(...probabilities),
    tailEnded: () => log.push('tail ended'),
  });
  return { take, log, captured, measured };
}

const frame = (value: number, length = 480) => new Int16Array(length).fill(value);

async function collect(frames: AsyncIterable<AudioFrame>): Promise<Int16Array> {
  const pieces: Int16Array[] = [];
  for await (const { samples } of frames) pieces.push(samples);
  return concatSamples(pieces);
}

describe('a take', () => {
  it('hands on every sample it captured, in order', async () => {
    const { take, captured } = open(detector());
    for (let sequence = 0; sequence < 10; sequence++) take.receive(sequence, frame(sequence));
    const frames = collect(take.frames);
    const report = await take.end();
    expect(await frames).toEqual(concatSamples(captured));
    expect(report).toMatchObject({ samples: 4_800, lostFrames: 0, lateFrames: 0 });
  });

  it('counts frames that never came and does not use those that come twice or out of order', async () => {
    const { take } = open(detector());
    for (const sequence of [0, 1, 4, 3, 4, 5]) take.receive(sequence, frame(sequence));
    const report = await take.end();
    expect(report).toMatchObject({ samples: 4 * 480, lostFrames: 2, lateFrames: 2 });
  });

  it('keeps 300 ms after the release while somebody still speaks', async () => {
    const { take, log } = open(detector());
    take.receive(0, frame(1));
    take.release();
    for (let sequence = 1; sequence <= 14; sequence++) take.receive(sequence, frame(1));
    expect(log).not.toContain('tail ended');
    take.receive(15, frame(1));
    expect(log).toContain('tail ended');
  });

  it('ends at once when it was already silent', async () => {
    const { take, log } = open(detector([{ silenceMs: 400 }]));
    take.receive(0, frame(1));
    take.release();
    await take.end();
    expect(log).toEqual(['first sample', 'tail ended']);
  });

  it('hands on every probability, those of the end included', async () => {
    const { take, measured } = open({
      ...detector([{ probabilities: [0.1] }, { probabilities: [0.9, 0.8] }]),
      finish: async () => ({ probabilities: [0.2], segments: [] }),
    });
    take.receive(0, frame(1));
    take.receive(1, frame(1));
    await take.end();
    expect(measured).toEqual([0.1, 0.9, 0.8, 0.2]);
  });

  it('has sound measured together until there is a pause to decide on, and then as it comes', async () => {
    const measuredBy: number[] = [];
    const speaking = { speaking: true, silenceMs: 0 };
    const reports = [...new Array(11).fill(speaking), { speaking: true, silenceMs: 32 }, { silenceMs: 64 }, {}];
    const told = detector(reports);
    let calls = 0;
    const push: VadStream['push'] = (samples) => {
      calls += 1;
      return told.push(samples);
    };
    const { take } = open({ ...told, push }, 120);
    for (let sequence = 0; sequence < 16; sequence++) {
      take.receive(sequence, frame(1));
      await nextRound();
      measuredBy.push(calls);
    }
    expect(measuredBy).toEqual([0, 0, 0, 0, 0, 6, 6, 6, 6, 6, 6, 12, 13, 14, 14, 14]);
    take.release();
    await take.end();
    expect(calls).toBe(16);
  });

  it.each([
    [250, 13],
    [2_000, 13],
    [32, 2],
  ])('has no more measured together than the silence of %i ms that ends a segment', async (minSilenceMs, frames) => {
    const told = detector(new Array(frames).fill({ speaking: true, silenceMs: 0 }));
    let calls = 0;
    const push: VadStream['push'] = (samples) => {
      calls += 1;
      return told.push(samples);
    };
    const { take } = open({ ...told, push }, minSilenceMs);
    for (let sequence = 0; sequence < frames; sequence++) {
      await nextRound();
      expect(calls).toBe(0);
      take.receive(sequence, frame(1));
    }
    await nextRound();
    expect(calls).toBe(frames);
  });

  it('goes on without a detector that failed, and says so', async () => {
    const { take } = open({
      push: async () => Promise.reject(new Error('no model')),
      finish: async () => ({ probabilities: [], segments: [] }),
    });
    take.receive(0, frame(7));
    const frames = collect(take.frames);
    const report = await take.end();
    expect(report.vadError).toMatchObject({ stage: 'vad' });
    expect(await frames).toEqual(frame(7));
  });
});
