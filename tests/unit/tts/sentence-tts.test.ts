import { describe, expect, it } from 'vitest';
import { type AudioFrame, concatSamples, PIPELINE_RATE } from '../../../src-main/audio/frame.ts';
import { Channel } from '../../../src-main/channel.ts';
import { Fault } from '../../../src-main/fault.ts';
import { sentenceTts } from '../../../src-main/speech/tts/sentence-tts.ts';
import type { Speaker } from '../../../src-main/speech/tts/tts.ts';

const tick = () => new Promise((resolve) => setImmediate(resolve));

/** A voice whose sound a test hands out; every sample of an utterance is its number. */
function manualSpeaker() {
  const asked: { text: string; sound: Channel<AudioFrame>; signal: AbortSignal }[] = [];
  const speaker: Speaker = {
    label: 'test/manual',
    maxCharacters: 200,
    warm() {},
    async *speak(text, { signal }) {
      const sound = new Channel<AudioFrame>();
      signal.addEventListener('abort', () => sound.fail(signal.reason));
      asked.push({ text, sound, signal });
      yield* sound;
    },
  };
  const say = (index: number, samples: number, sampleRate = PIPELINE_RATE) =>
    asked[index]?.sound.push({ samples: new Int16Array(samples).fill(index + 1), sampleRate });
  return { speaker, asked, say, end: (index: number) => asked[index]?.sound.close() };
}

/** A voice that answers at once: 100 samples for each character. */
function promptSpeaker(sampleRate = PIPELINE_RATE) {
  const asked: string[] = [];
  const speaker: Speaker = {
    label: 'test/prompt',
    maxCharacters: 200,
    warm() {},
    async *speak(text) {
      asked.push(text);
      yield { samples: new Int16Array(text.length * 100).fill(asked.length), sampleRate };
    },
  };
  return { speaker, asked };
}

async function* written(...parts: readonly string[]): AsyncGenerator<string> {
  yield* parts;
}

const live = () => ({ signal: new AbortController().signal });

async function collect(frames: AsyncIterable<AudioFrame>): Promise<AudioFrame[]> {
  const list: AudioFrame[] = [];
  for await (const frame of frames) list.push(frame);
  return list;
}

describe('speaking sentence by sentence', () => {
  it('speaks every piece in order, in frames of 20 ms, each first frame carrying its text', async () => {
    const { speaker, asked } = promptSpeaker();
    const frames = await collect(
      sentenceTts(speaker).synthesize(written('It is **noon**. ', 'The sun', ' is high.'), live()),
    );
    expect(asked).toEqual(['It is noon.', 'The sun is high.']);
    expect(frames.flatMap(({ text }) => text ?? [])).toEqual(['It is **noon**. ', 'The sun is high.']);
    expect(frames.map(({ samples }) => samples.length)).toEqual([480, 480, 140, 480, 480, 480, 160]);
    expect(frames.map(({ samples }) => samples[0])).toEqual([1, 1, 1, 2, 2, 2, 2]);
  });

  it('brings any rate to the rate of the pipeline', async () => {
    const { speaker } = promptSpeaker(16_000);
    const frames = await collect(sentenceTts(speaker).synthesize(written('0123456789'), live()));
    expect(concatSamples(frames.map(({ samples }) => samples))).toHaveLength(1_500);
  });

  it('lets the first sound go before the rest of the piece has come', async () => {
    const { speaker, asked, say } = manualSpeaker();
    const frames = sentenceTts(speaker).synthesize(written('Hello there. '), live())[Symbol.asyncIterator]();
    const first = frames.next();
    while (asked.length < 1) await tick();
    say(0, 480);
    expect((await first).value).toMatchObject({ text: 'Hello there. ' });
  });

  it('asks for the next piece at the first sound of this one, and for no further one until this one is taken', async () => {
    const { speaker, asked, say, end } = manualSpeaker();
    const frames = sentenceTts(speaker)
      .synthesize(written('One is it. Two is it. Three is it. '), live())
      [Symbol.asyncIterator]();
    const first = frames.next();
    while (asked.length < 1) await tick();
    await tick();
    expect(asked).toHaveLength(1);
    say(0, 960);
    await first;
    await tick();
    expect(asked.map(({ text }) => text)).toEqual(['One is it.', 'Two is it.']);
    end(0);
    say(1, 480);
    end(1);
    for (let i = 0; i < 5; i++) await tick();
    expect(asked).toHaveLength(2);
    await frames.next();
    await frames.next();
    await tick();
    expect(asked).toHaveLength(3);
  });

  it('begins to speak while the rest is still being written', async () => {
    const { speaker, asked } = promptSpeaker();
    const text = new Channel<string>();
    text.push('It is noon. And');
    const frames = sentenceTts(speaker).synthesize(text, live())[Symbol.asyncIterator]();
    expect((await frames.next()).value).toMatchObject({ text: 'It is noon. ' });
    expect(asked).toEqual(['It is noon.']);
  });

  it('keeps text without sound: with the next sound, or with a silent frame at the end', async () => {
    const { speaker, asked } = promptSpeaker();
    const frames = await collect(sentenceTts(speaker).synthesize(written('… Hello. ', '?!'), live()));
    expect(asked).toEqual(['… Hello.']);
    expect(frames.map(({ text }) => text ?? '').join('')).toBe('… Hello. ?!');
    expect(await collect(sentenceTts(speaker).synthesize(written(), live()))).toEqual([]);
  });

  it('delivers all the sound that came before a failure, then throws it with its stage', async () => {
    const { speaker, asked, say } = manualSpeaker();
    const got: AudioFrame[] = [];
    const run = (async () => {
      for await (const frame of sentenceTts(speaker).synthesize(written('Hello there. '), live())) got.push(frame);
    })();
    while (asked.length < 1) await tick();
    say(0, 960);
    await tick();
    asked[0]?.sound.fail(new Fault('disconnected', 'gone', { hint: '' }));
    await expect(run).rejects.toMatchObject({ code: 'disconnected', stage: 'tts' });
    expect(got).toHaveLength(2);
  });

  it('fails with what the writer of the text failed with', async () => {
    const { speaker } = promptSpeaker();
    const text = (async function* () {
      yield 'Hello there, ';
      throw new Fault('unreachable', 'no model', { hint: '', stage: 'llm' });
    })();
    await expect(collect(sentenceTts(speaker).synthesize(text, live()))).rejects.toMatchObject({ stage: 'llm' });
  });

  it('throws the reason when it is aborted, and cancels both requests', async () => {
    const { speaker, asked, say } = manualSpeaker();
    const abort = new AbortController();
    const run = collect(sentenceTts(speaker).synthesize(written('One is it. Two is it. '), { signal: abort.signal }));
    while (asked.length < 1) await tick();
    say(0, 480);
    while (asked.length < 2) await tick();
    abort.abort(new Error('interrupted'));
    await expect(run).rejects.toThrow('interrupted');
    expect(asked.every(({ signal }) => signal.aborted)).toBe(true);
  });

  it('cancels its requests when its listener goes away', async () => {
    const { speaker, asked, say } = manualSpeaker();
    const frames = sentenceTts(speaker).synthesize(written('One is it. '), live())[Symbol.asyncIterator]();
    const first = frames.next();
    while (asked.length < 1) await tick();
    say(0, 480);
    await first;
    await frames.return?.();
    expect(asked[0]?.signal.aborted).toBe(true);
  });
});
