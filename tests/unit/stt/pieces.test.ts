import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AudioFrame, concatSamples } from '../../../src-main/audio/frame.ts';
import { Fault } from '../../../src-main/fault.ts';
import { batchStt } from '../../../src-main/speech/stt/batch.ts';
import { segmentedStt } from '../../../src-main/speech/stt/segmented.ts';
import type { SpeechEvent, Stt, Transcriber } from '../../../src-main/speech/stt/stt.ts';

const RATE = 24_000;
type Sound = 'speech' | 'end' | 'silence';

/** Frames of 20 ms whose samples count up, so that a lost or doubled one shows. */
function take(...sounds: readonly Sound[]): AudioFrame[] {
  return sounds.map((sound, index) => ({
    samples: Int16Array.from({ length: 480 }, (_, i) => (index * 480 + i) % 32_768),
    sampleRate: RATE,
    activity: {
      probability: sound === 'speech' ? 0.9 : 0.05,
      speaking: sound === 'speech',
      segmentEnded: sound === 'end',
    },
  }));
}

const times = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);
const phrase = [...times(8, 'speech' as const), 'end' as const];

interface Sent {
  readonly samples: Int16Array;
  readonly prompt: string | null;
  answer(...events: SpeechEvent[]): void;
  fail(error: unknown): void;
}

/** A recogniser that a test answers by hand. */
function manual(): { transcriber: Transcriber; sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    transcriber: {
      label: 'test/manual',
      warm() {},
      async *transcribe(samples, _rate, { prompt, signal }) {
        const events = await new Promise<SpeechEvent[]>((answer, fail) => {
          sent.push({ samples, prompt, answer: (...list) => answer(list), fail });
          signal.addEventListener('abort', () => fail(signal.reason));
        });
        yield* events;
      },
    },
  };
}

/** A recogniser that says which sounds it was given, by number and at once. */
function prompt(words: (index: number) => string): {
  transcriber: Transcriber;
  sent: Int16Array[];
  prompts: (string | null)[];
} {
  const sent: Int16Array[] = [];
  const prompts: (string | null)[] = [];
  return {
    sent,
    prompts,
    transcriber: {
      label: 'test/prompt',
      warm() {},
      async *transcribe(samples, _rate, options) {
        prompts.push(options.prompt);
        yield { type: 'final', text: words(sent.push(samples) - 1) };
      },
    },
  };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));
const final = (text: string): SpeechEvent => ({ type: 'final', text });
const interim = (text: string): SpeechEvent => ({ type: 'interim', text });

async function* paced(frames: readonly AudioFrame[]): AsyncGenerator<AudioFrame> {
  for (const frame of frames) {
    await tick();
    yield frame;
  }
}

function recognize(stt: Stt, audio: AsyncIterable<AudioFrame>, signal = new AbortController().signal) {
  const events: SpeechEvent[] = [];
  const done = (async () => {
    for await (const event of stt.recognize(audio, { signal, language: null })) events.push(event);
    return events;
  })();
  return { events, done };
}

const captured = (frames: readonly AudioFrame[]) => concatSamples(frames.map(({ samples }) => samples));

describe('segmented recognition', () => {
  it('sends exactly what was captured, whatever the segments: head, joints and tail', async () => {
    const sounds = fc.array(fc.constantFrom<Sound>('speech', 'end', 'silence'), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(sounds, async (list) => {
        const frames = take(...list);
        const { transcriber, sent } = prompt(() => 'word');
        await recognize(segmentedStt(transcriber), paced(frames)).done;
        const pieces = concatSamples(sent);
        expect(pieces).toEqual(captured(frames).subarray(0, pieces.length));
        const skipped = list.slice(pieces.length / 480);
        expect(skipped.every((sound) => sound === 'silence')).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('asks for a closed segment while the key is still down, and only for the tail after it', async () => {
    const { transcriber, sent } = manual();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { events, done } = recognize(
      segmentedStt(transcriber),
      (async function* () {
        yield* take(...phrase);
        await released;
        yield* take(...times(5, 'speech' as const));
      })(),
    );
    await tick();
    sent[0]?.answer(interim('turn'), final(' turn on '));
    await tick();
    expect(events).toEqual([interim('turn'), final('turn on')]);
    release();
    await tick();
    expect(sent.map(({ samples }) => samples.length)).toEqual([9 * 480, 5 * 480]);
    expect(sent[1]?.prompt).toBe('turn on');
    sent[1]?.answer(final('the light'));
    expect((await done).at(-1)).toEqual(final('the light'));
  });

  it('commits words in the order they were spoken, and shows later ones as tentative until then', async () => {
    const { transcriber, sent } = manual();
    const { done } = recognize(segmentedStt(transcriber), paced(take(...phrase, ...phrase)));
    while (sent.length < 2) await tick();
    sent[1]?.answer(final('second'));
    await tick();
    sent[0]?.answer(interim('fir'), final('first'));
    expect(await done).toEqual([interim('second'), interim('fir second'), final('first'), final('second')]);
  });

  it('does not send a tail in which nothing was heard, but does send one that was nearly speech', async () => {
    const quiet = prompt(() => 'thank you');
    await recognize(segmentedStt(quiet.transcriber), paced(take(...phrase, ...times(30, 'silence' as const)))).done;
    expect(quiet.sent).toHaveLength(1);

    const murmur = prompt(() => 'word');
    const tail = take(...times(10, 'silence' as const)).map((frame, i) =>
      i === 5 ? { ...frame, activity: { probability: 0.2, speaking: false, segmentEnded: false } } : frame,
    );
    await recognize(segmentedStt(murmur.transcriber), paced([...take(...phrase), ...tail])).done;
    expect(murmur.sent).toHaveLength(2);
  });

  it('joins a piece under 100 ms to the next one', async () => {
    const { transcriber, sent } = prompt(() => 'word');
    await recognize(segmentedStt(transcriber), paced(take('speech', 'end', ...phrase))).done;
    expect(sent.map((samples) => samples.length)).toEqual([11 * 480]);
  });

  it('bounds the prompt, from the beginning of a word', async () => {
    const { transcriber, prompts } = prompt((index) => `${index} ${'longword '.repeat(60)}`);
    await recognize(segmentedStt(transcriber), paced(take(...phrase, ...phrase, ...phrase))).done;
    expect(prompts[2]?.length).toBeLessThanOrEqual(600);
    expect(prompts[2]).toMatch(/^longword .*longword$/);
  });

  it('tries a piece again at the next cut when its request failed while the key was down', async () => {
    const { transcriber, sent } = manual();
    const { done } = recognize(
      segmentedStt(transcriber),
      (async function* () {
        yield* take(...phrase);
        while (sent.length < 1) await tick();
        sent[0]?.fail(new Fault('unreachable', 'refused', { hint: '' }));
        await tick();
        yield* take(...phrase);
      })(),
    );
    while (sent.length < 3) await tick();
    expect(sent[1]?.samples).toEqual(sent[0]?.samples);
    sent[1]?.answer(final('first'));
    sent[2]?.answer(final('second'));
    expect(await done).toEqual([final('first'), final('second')]);
  });

  it('tries one failed piece at each cut, and the others once that got through', async () => {
    const { transcriber, sent } = manual();
    const down = new Fault('unreachable', 'refused', { hint: '' });
    const { done } = recognize(
      segmentedStt(transcriber),
      (async function* () {
        for (let cut = 1; cut <= 3; cut++) {
          yield* take(...phrase);
          while (sent.length < 2 * cut - 1) await tick();
          for (const request of sent) request.fail(down);
          await tick();
        }
        yield* take(...phrase);
        while (sent.length < 7) await tick();
        sent[5]?.answer(final('first'));
        while (sent.length < 8) await tick();
        sent[7]?.answer(final('second'));
        while (sent.length < 9) await tick();
        sent[8]?.answer(final('third'));
        sent[6]?.answer(final('fourth'));
      })(),
    );
    expect(await done).toEqual([final('first'), final('second'), final('third'), final('fourth')]);
    expect(sent).toHaveLength(9);
  });

  it('tries once more at the release, and only then fails, as a fault of this stage', async () => {
    const { transcriber, sent } = manual();
    const { done } = recognize(segmentedStt(transcriber), paced(take(...phrase)));
    const failed = expect(done).rejects.toMatchObject({ code: 'unreachable', stage: 'stt' });
    while (sent.length < 1) await tick();
    sent[0]?.fail(new Fault('unreachable', 'refused', { hint: '' }));
    while (sent.length < 2) await tick();
    sent[1]?.fail(new Fault('unreachable', 'refused', { hint: '' }));
    await failed;
    expect(sent).toHaveLength(2);
  });

  it('throws the reason when it is aborted, also while it waits for sound, and cancels its requests', async () => {
    const { transcriber, sent } = manual();
    const abort = new AbortController();
    const { done } = recognize(
      segmentedStt(transcriber),
      (async function* () {
        yield* take(...phrase);
        await new Promise(() => {});
      })(),
      abort.signal,
    );
    while (sent.length < 1) await tick();
    abort.abort(new Error('interrupted'));
    await expect(done).rejects.toThrow('interrupted');
  });

  it('is silent about a take without sound', async () => {
    const { transcriber } = prompt(() => 'word');
    expect(await recognize(segmentedStt(transcriber), paced([])).done).toEqual([]);
  });
});

describe('batch recognition', () => {
  it('makes one request of the whole take, silence included', async () => {
    const frames = take(...phrase, ...phrase, ...times(50, 'silence' as const));
    const { transcriber, sent } = prompt(() => 'all of it');
    expect(await recognize(batchStt(transcriber), paced(frames)).done).toEqual([final('all of it')]);
    expect(sent).toEqual([captured(frames)]);
  });

  it('cuts a take that is too long for one upload, and loses nothing', async () => {
    const minute: AudioFrame = { samples: new Int16Array(60 * RATE).fill(1), sampleRate: RATE };
    const { transcriber, sent } = prompt((index) => `part ${index}`);
    const events = await recognize(batchStt(transcriber), paced(times(20, minute))).done;
    expect(sent.map((samples) => samples.length / RATE)).toEqual([480, 480, 240]);
    expect(events.filter(({ type }) => type === 'final')).toEqual([final('part 0'), final('part 1'), final('part 2')]);
  });
});
