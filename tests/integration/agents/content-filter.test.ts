/** Conversations with an agent whose every sentence a second model judges first. */
import { describe, expect, test } from 'vitest';
import { ContentFilter } from '../../../src-main/agents/content-filter.ts';
import { converse } from '../../support/conversation.ts';
import type { Reply } from '../../support/provider-server.ts';

type Judge = (sentence: string) => string;

/** One server is both models: it tells the judge's requests by their instructions. */
function modelAndJudge(answer: string, judge: Judge) {
  return (messages: readonly { role: string; content: unknown }[]): Reply =>
    String(messages[0]?.content).startsWith('You judge') ? judge(String(messages.at(-1)?.content)) : answer;
}

const blocks =
  (word: string): Judge =>
  (sentence) =>
    sentence.includes(word) ? 'BLOCK' : 'ALLOW';

describe('content-filter', () => {
  test('says what is allowed and withholds the sentence that is not, from ear and eye', async () => {
    const answer = 'The sea is deep. The pirate is a damned fool. The sun is warm.';
    const user = await converse({ agent: new ContentFilter(), reply: modelAndJudge(answer, blocks('damned')) });
    const turn = await user.type('Tell me a story.');
    const fit = 'The sea is deep. I would rather not say that. The sun is warm.';
    expect(turn).toMatchObject({ outcome: 'completed', reply: fit });
    expect(user.spoken.join(' ')).toBe(fit);
  });

  test('judges sentence by sentence, the trailing fragment too', async () => {
    const judged: string[] = [];
    const judge: Judge = (sentence) => {
      judged.push(sentence.trim());
      return 'ALLOW';
    };
    const user = await converse({
      agent: new ContentFilter(),
      reply: modelAndJudge('It was late. Nobody came. And then, without an end', judge),
    });
    expect((await user.type('Go on.')).reply).toBe('It was late. Nobody came. And then, without an end');
    expect(judged).toEqual(['It was late.', 'Nobody came.', 'And then, without an end']);
  });

  test('judges a sentence whole: its clauses may be harmless where it is not', async () => {
    const judged: string[] = [];
    const judge: Judge = (sentence) => {
      judged.push(sentence.trim());
      return 'BLOCK';
    };
    const sentence = 'If you want to frighten him, take the knife out of the drawer in the kitchen at night.';
    const user = await converse({ agent: new ContentFilter(), reply: modelAndJudge(`${sentence} Yes.`, judge) });
    expect((await user.type('And then?')).reply.trim()).toBe('I would rather not say that.');
    expect(judged).toEqual([sentence, 'Yes.']);
  });

  test('understands a judge who marks the word up', async () => {
    const user = await converse({
      agent: new ContentFilter(),
      reply: modelAndJudge('Hello there.', () => '**Allow.**'),
    });
    expect((await user.type('Hi.')).reply.trim()).toBe('Hello there.');
  });

  test.each([
    ['an unclear verdict', () => 'ALLOW, I think, or BLOCK'],
    ['an empty verdict', () => ' '],
    ['a verdict without end', () => `ALLOW${' .'.repeat(50_000)}`],
    ['the opposite', () => 'DISALLOW'],
  ])('fails closed: %s withholds', async (_, judge) => {
    const user = await converse({ agent: new ContentFilter(), reply: modelAndJudge('Hello there.', judge) });
    expect((await user.type('Hi.')).reply.trim()).toBe('I would rather not say that.');
  });

  test('fails closed: a judge that can not be reached withholds, and the turn goes on', async () => {
    let breakDown = () => {};
    const user = await converse({
      agent: new ContentFilter(),
      reply: () => {
        breakDown();
        return 'Hello there.';
      },
    });
    // Only once the answer's own request is through.
    breakDown = () => user.server.setChaos([{ stage: 'llm', kind: 'hang-up' }]);
    expect((await user.type('Hi.')).reply.trim()).toBe('I would rather not say that.');
  });
});
