import { describe, expect, it } from 'vitest';
import type { AudioFrame } from '../../../src-main/audio/frame.ts';
import { practiceStt } from '../../../src-main/providers/practice/stt.ts';
import type { Usage } from '../../../src-main/speech/call.ts';
import type { SpeechEvent } from '../../../src-main/speech/stt/stt.ts';

/** Frames of 20 ms of a square wave, whose level is its amplitude. */
function sound(count: number, speaking: boolean, amplitude = 3_277): AudioFrame[] {
  return Array.from({ length: count }, () => ({
    samples: Int16Array.from({ length: 480 }, (_, i) => (i % 2 ? amplitude : -amplitude)),
    sampleRate: 24_000,
    activity: { probability: speaking ? 0.9 : 0.01, speaking, segmentEnded: false },
  }));
}

async function recognize(frames: readonly AudioFrame[], signal = new AbortController().signal) {
  const usage: Usage[] = [];
  const source = (async function* () {
    yield* frames;
  })();
  const events: SpeechEvent[] = [];
  for await (const event of practiceStt().recognize(source, {
    signal,
    language: null,
    onUsage: (reported) => usage.push(reported),
  }))
    events.push(event);
  return { events, usage };
}

describe('the practice recogniser', () => {
  it('reports what it measured, and that it understood nothing', async () => {
    const { events } = await recognize([
      ...sound(10, false, 0),
      ...sound(100, true),
      ...sound(30, false, 0),
      ...sound(60, true),
    ]);
    expect(events.at(-1)).toEqual({
      type: 'final',
      text: 'Measured, not understood: 3.2 seconds of speech, in two phrases, at -20 dBFS.',
    });
  });

  it('counts along while the key is held', async () => {
    const { events } = await recognize(sound(100, true));
    expect(events.slice(0, -1).map(({ type }) => type)).toEqual(new Array(10).fill('interim'));
    expect(events.at(-2)?.text).toBe('2.0 s of speech…');
  });

  it('notices sound that was cut off, and the absence of speech', async () => {
    expect((await recognize(sound(50, true, 32_767))).events.at(-1)?.text).toMatch(/at 0 dBFS, clipped\.$/);
    expect((await recognize(sound(50, false))).events.at(-1)?.text).toBe('Measured, not understood: no speech.');
    expect((await recognize([])).events).toEqual([]);
  });

  it('reports the sound it was given as usage', async () => {
    expect((await recognize(sound(50, true))).usage).toEqual([
      { stage: 'stt', provider: 'practice', model: 'meter', raw: null, audioMs: 1_000 },
    ]);
  });

  it('throws the reason when it is aborted', async () => {
    await expect(recognize(sound(5, true), AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
  });
});
