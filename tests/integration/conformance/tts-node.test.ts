/** ttsNode and realtimeAudioOutputNode, as LiveKit documents them: text becomes sound, and sound can be changed. */
import { describe, expect, test } from 'vitest';
import type { AudioFrame } from '../../../src-main/audio/frame.ts';
import { Agent, agent } from '../../../src-main/conversation/agent.ts';
import { withHost } from '../../support/conversation.ts';

const tone = Int16Array.from({ length: 12_000 }, (_, index) => Math.round(8_000 * Math.sin(index / 10)));

async function* atVolume(frames: AsyncIterable<AudioFrame> | null, factor: number): AsyncGenerator<AudioFrame> {
  for await (const frame of frames ?? []) {
    yield { ...frame, samples: frame.samples.map((sample) => Math.round(sample * factor)) };
  }
}

async function* shortened(frames: AsyncIterable<AudioFrame> | null): AsyncGenerator<AudioFrame> {
  for await (const frame of frames ?? [])
    yield { ...frame, samples: frame.samples.filter((_, index) => index % 2 === 0) };
}

async function gathered(frames: AsyncIterable<AudioFrame> | null): Promise<AudioFrame[]> {
  const all: AudioFrame[] = [];
  for await (const frame of frames ?? []) all.push(frame);
  return all;
}

describe('ttsNode', () => {
  test('by default speaks in the agent’s voice', async () => {
    const user = await withHost({ voice: 'onyx' }, { reply: 'Yes.', speech: tone });
    const turn = await user.type('Hello.');
    expect(user.server.requests('tts').map(({ json }) => json?.voice)).toEqual(['onyx']);
    expect(turn.sound).toEqual(tone);
  });

  test('by default uses the text-to-speech of the agent, where it has its own', async () => {
    const user = await withHost(
      {
        tts: {
          label: 'own',
          async *synthesize(text) {
            let words = '';
            for await (const piece of text) words += piece;
            yield { samples: tone, sampleRate: 24_000, text: words };
          },
          warm() {},
        },
      },
      { reply: 'Yes.' },
    );
    const turn = await user.type('Hello.');
    expect([turn.sound, turn.heard, user.spoken]).toEqual([tone, 'Yes.', []]);
  });

  test('a voice that does not stream is given sentences, one request each, in order', async () => {
    const reply = 'The first sentence is here. Here comes the second! Is this the third? And the rest';
    const user = await withHost({}, { reply });
    await user.type('Hello.');
    expect(user.spoken).toEqual([
      'The first sentence is here.',
      'Here comes the second!',
      'Is this the third?',
      'And the rest',
    ]);
  });

  test('can chunk the text otherwise', async () => {
    async function* whole(text: AsyncIterable<string>): AsyncGenerator<string> {
      let all = '';
      for await (const piece of text) all += piece;
      yield all.replaceAll('. ', ', ');
    }
    const user = await withHost(
      { ttsNode: (self, text, settings) => Agent.default.ttsNode(self, whole(text), settings) },
      { reply: 'One thing. And another. And a third.' },
    );
    await user.type('Hello.');
    expect(user.spoken.join(' ')).toBe('One thing, And another, And a third.');
  });

  test('can apply rules of pronunciation, which are heard and not shown', async () => {
    async function* pronounced(text: AsyncIterable<string>): AsyncGenerator<string> {
      let all = '';
      for await (const piece of text) all += piece;
      yield all.replaceAll('SQL', 'sequel');
    }
    const user = await withHost(
      { ttsNode: (self, text, settings) => Agent.default.ttsNode(self, pronounced(text), settings) },
      { reply: 'It speaks SQL.' },
    );
    expect(await user.type('Hello.')).toMatchObject({ reply: 'It speaks SQL.', heard: 'It speaks SQL.' });
    expect(user.spoken).toEqual(['It speaks sequel.']);
  });

  test('can adjust the volume of its output', async () => {
    const user = await withHost(
      { ttsNode: (self, text, settings) => atVolume(Agent.default.ttsNode(self, text, settings), 0.5) },
      { reply: 'Yes.', speech: tone },
    );
    expect((await user.type('Hello.')).sound).toEqual(tone.map((sample) => Math.round(sample / 2)));
  });

  test('can change the length of its output, and all words still count as heard', async () => {
    const user = await withHost(
      { ttsNode: (self, text, settings) => shortened(Agent.default.ttsNode(self, text, settings)) },
      { reply: 'A short sentence. Another one here.', speech: tone },
    );
    const turn = await user.type('Hello.');
    expect(turn.sound.length).toBe((user.spoken.length * tone.length) / 2);
    expect(turn.heard).toBe('A short sentence. Another one here.');
  });

  test('its frames say which words begin with them', async () => {
    const places: [string, number][] = [];
    const user = await withHost(
      {
        async *ttsNode(self, text, settings) {
          let samples = 0;
          for await (const frame of (await Agent.default.ttsNode(self, text, settings)) ?? []) {
            if (frame.text !== undefined) places.push([frame.text, samples]);
            samples += frame.samples.length;
            yield frame;
          }
        },
      },
      { reply: 'The first sentence is here. Here comes the second!', speech: tone },
    );
    await user.type('Hello.');
    expect(places).toEqual([
      ['The first sentence is here. ', 0],
      ['Here comes the second!', tone.length],
    ]);
  });

  test('can be an engine of its own, at a rate of its own', async () => {
    const user = await withHost(
      {
        async *ttsNode(_self, text) {
          for await (const _ of text);
          yield { samples: new Int16Array(8_000), sampleRate: 8_000 };
        },
      },
      { reply: 'One second.' },
    );
    const turn = await user.type('Hello.');
    expect(turn.sound.length / 24_000).toBeCloseTo(1, 1);
    expect(user.spoken).toEqual([]);
  });

  test('null switches it off: the words are shown, and reading them is hearing them', async () => {
    const user = await withHost({ ttsNode: () => null }, { reply: 'Silent.' });
    const turn = await user.type('Hello.');
    expect(turn).toMatchObject({ outcome: 'completed', reply: 'Silent.', heard: 'Silent.' });
    expect([turn.sound.length, user.spoken]).toEqual([0, []]);
  });

  test('switched off and interrupted: the words that were shown are those that were taken in', async () => {
    const user = await withHost({
      ttsNode: () => null,
      async *llmNode(_self, _chatCtx, _tools, { signal }) {
        yield 'Once upon a time.';
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
    });
    const turnId = user.send('A story.');
    await user.until(() => user.eventsOf('agent_text_generated', turnId)[0]);
    user.session.interrupt();
    expect(await user.outcome(turnId)).toMatchObject({ outcome: 'interrupted', heard: 'Once upon a time.' });
    expect(user.session.history.items.at(-1)).toMatchObject({ role: 'assistant', content: ['Once upon a time.'] });
  });
});

describe('realtimeAudioOutputNode', () => {
  const settings = { turnId: 'turn', signal: new AbortController().signal };
  const frames: AudioFrame[] = [{ samples: tone, sampleRate: 24_000 }];

  test('by default passes the model’s sound on as it is', async () => {
    async function* voice(): AsyncGenerator<AudioFrame> {
      yield* frames;
    }
    const output = await new Agent({ id: 'host', instructions: '' }).realtimeAudioOutputNode(voice(), settings);
    expect(await gathered(output)).toEqual(frames);
  });

  test('can adjust the volume of the model’s sound', async () => {
    async function* voice(): AsyncGenerator<AudioFrame> {
      yield* frames;
    }
    const host = agent({
      id: 'host',
      instructions: '',
      realtimeAudioOutputNode: (self, audio, given) =>
        atVolume(Agent.default.realtimeAudioOutputNode(self, audio, given), 0.5),
    });
    const [frame] = await gathered(await host.realtimeAudioOutputNode(voice(), settings));
    expect(frame?.samples).toEqual(tone.map((sample) => Math.round(sample / 2)));
  });
});
