import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { practiceLlm } from '../../../src-main/providers/practice/llm.ts';
import { describeMeasurement, readMeasurement } from '../../../src-main/providers/practice/measurement.ts';
import type { Usage } from '../../../src-main/speech/call.ts';
import type { ChatItem } from '../../../src-main/speech/llm/chat.ts';

const chatOf = (...said: readonly string[]): ChatItem[] =>
  said.map((text, index) => ({ type: 'message', id: String(index), createdAt: index, role: 'user', content: [text] }));

async function reply(...said: readonly string[]) {
  const usage: Usage[] = [];
  const chunks: string[] = [];
  const signal = new AbortController().signal;
  for await (const { text } of practiceLlm({ wordMs: 0 }).chat(chatOf(...said), {
    signal,
    onUsage: (u) => usage.push(u),
  })) {
    chunks.push(text);
  }
  return { text: chunks.join(''), chunks, usage };
}

const measured = (levelDbfs: number, clipped = false) =>
  describeMeasurement({ speechMs: 3_200, phrases: 2, levelDbfs, clipped });

describe('the practice guide', () => {
  it.each([
    [-55, false, 'very quiet'],
    [-35, false, 'a little quiet'],
    [-22, false, 'The level is good'],
    [-6, false, 'rather loud'],
    [-3, true, 'cut off'],
  ])('judges speech at %d dBFS (clipped: %s)', async (level, clipped, words) => {
    expect((await reply(measured(level, clipped))).text).toContain(words);
  });

  it('greets whom it has not heard yet', async () => {
    expect((await reply()).text).toMatch(/^Hello\. I am the practice guide/);
  });

  it.each([
    ['What is this?', 'practice guide'],
    ['which keys do I press', 'space bar'],
    ['How do I connect Ollama?', 'Open Settings'],
    ['Is it private? Where is the log?', 'nothing leaves this computer'],
    ['where can I search the history', 'History lists'],
    ['help', 'practice guide'],
    ['Hello!', 'Hello.'],
    ['Write me a poem', 'only a script'],
  ])('answers %j', async (question, words) => {
    expect((await reply(question)).text).toContain(words);
  });

  it('goes round its tips from turn to turn, and says the same to the same conversation', async () => {
    const first = (await reply(measured(-22))).text;
    expect((await reply(measured(-22), measured(-22))).text).not.toBe(first);
    expect((await reply(measured(-22))).text).toBe(first);
  });

  it('streams word by word and reports what it used, in words', async () => {
    const { text, chunks, usage } = await reply('hello there');
    expect(chunks).toHaveLength(text.split(/\s+/).length);
    expect(usage).toMatchObject([{ stage: 'llm', provider: 'practice', inputTokens: 2, outputTokens: chunks.length }]);
  });

  it('throws the reason when it is aborted', async () => {
    const abort = new AbortController();
    const chunks = practiceLlm({ wordMs: 60_000 })
      .chat(chatOf('hello'), { signal: abort.signal })
      [Symbol.asyncIterator]();
    const first = chunks.next();
    abort.abort(new Error('interrupted'));
    await expect(first).rejects.toThrow('interrupted');
  });
});

it('reads back every measurement that it wrote', () => {
  const measurement = fc.record({
    speechMs: fc.integer({ min: 1, max: 3_000 }).map((tenths) => tenths * 100),
    phrases: fc.integer({ min: 1, max: 40 }),
    levelDbfs: fc.integer({ min: -90, max: -1 }),
    clipped: fc.boolean(),
  });
  fc.assert(
    fc.property(measurement, (m) => {
      expect(readMeasurement(describeMeasurement(m))).toEqual(m);
    }),
  );
});
