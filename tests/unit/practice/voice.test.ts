import { describe, expect, it } from 'vitest';
import { measureLevel } from '../../../src-main/audio/level.ts';
import { FLITE_VOICES, speakWithFlite } from '../../../src-main/providers/practice/flite.ts';
import { practiceSpeaker } from '../../../src-main/providers/practice/voice.ts';
import type { Usage } from '../../../src-main/speech/call.ts';
import { sentenceTts } from '../../../src-main/speech/tts/sentence-tts.ts';

const signal = new AbortController().signal;

describe('the embedded voice', () => {
  it.each(FLITE_VOICES)('%s speaks at 16 kHz, audibly and at a human pace', async (voice) => {
    const { samples, sampleRate } = await speakWithFlite('Hold the key, speak, and let go.', voice);
    expect(sampleRate).toBe(16_000);
    const seconds = samples.length / sampleRate;
    expect(seconds).toBeGreaterThan(1);
    expect(seconds).toBeLessThan(4);
    expect(measureLevel(samples).rmsDbfs).toBeGreaterThan(-35);
  });

  it('says the same text in the same way every time, several at once', async () => {
    const [one, other, again] = await Promise.all(
      ['Hello there.', 'Good night.', 'Hello there.'].map((text) => speakWithFlite(text)),
    );
    expect(again?.samples).toEqual(one?.samples);
    expect(other?.samples).not.toEqual(one?.samples);
  });

  it('leaves the event loop free while it speaks', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await speakWithFlite('This sentence is long enough to take the voice a while, whatever the machine. '.repeat(4));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });

  it('takes typographic marks and letters that it does not know', async () => {
    const plain = await speakWithFlite('It\'s "fine", Zoe.');
    expect((await speakWithFlite('It’s “fine”, Zoë.')).samples).toEqual(plain.samples);
    expect((await speakWithFlite('你好')).samples.length).toBeGreaterThanOrEqual(0);
  });

  it('speaks through the pipeline and reports what it used', async () => {
    const usage: Usage[] = [];
    let samples = 0;
    const text = (async function* () {
      yield 'Hello there. ';
      yield 'The level is good.';
    })();
    for await (const frame of sentenceTts(practiceSpeaker('alloy')).synthesize(text, {
      signal,
      onUsage: (u) => usage.push(u),
    })) {
      samples += frame.samples.length;
    }
    expect(samples).toBeGreaterThan(24_000);
    expect(usage.map(({ stage, model, characters }) => ({ stage, model, characters }))).toEqual([
      { stage: 'tts', model: 'flite-slt', characters: 12 },
      { stage: 'tts', model: 'flite-slt', characters: 18 },
    ]);
  });

  it('throws the reason when it is aborted', async () => {
    const abort = new AbortController();
    const frames = practiceSpeaker().speak('Hello there.', { signal: abort.signal })[Symbol.asyncIterator]();
    const first = frames.next();
    abort.abort(new Error('interrupted'));
    await expect(first).rejects.toThrow('interrupted');
  });
});
