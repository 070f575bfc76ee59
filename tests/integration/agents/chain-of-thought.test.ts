/** Conversations with an agent that thinks in writing: nobody hears it, and whoever asks is told. */
import { describe, expect, test } from 'vitest';
import { ChainOfThought } from '../../../src-main/agents/chain-of-thought.ts';
import { converse } from '../../support/conversation.ts';

const THOUGHT = 'Seventeen times three: 10 × 3 = 30, 7 × 3 = 21. If x < 60 it fits.';

describe('chain-of-thought', () => {
  test('what it thinks is neither spoken, nor shown, nor sent back to the model', async () => {
    const user = await converse({ agent: new ChainOfThought(), reply: `<think>${THOUGHT}</think>It is fifty-one.` });
    expect(await user.type('Seventeen times three?')).toMatchObject({
      outcome: 'completed',
      reply: 'It is fifty-one.',
    });
    expect(user.spoken).toEqual(['It is fifty-one.']);
    await user.type('Thanks.');
    expect(JSON.stringify(user.prompts[1])).not.toContain('10 × 3');
  });

  test('asked how it got there, the model is told what it thought', async () => {
    const user = await converse({
      agent: new ChainOfThought(),
      reply: (messages) => {
        const last = messages.at(-1);
        if (last?.role === 'tool') return 'I added thirty and twenty-one.';
        if (last?.content === 'How?') return { toolCalls: [{ name: 'recall_thinking', arguments: {} }] };
        return `<think>${THOUGHT}</think>Fifty-one.`;
      },
    });
    await user.type('Seventeen times three?');
    expect((await user.type('How?')).reply).toBe('I added thirty and twenty-one.');
    expect(user.prompts.at(-1)?.at(-1)).toMatchObject({ role: 'tool', content: THOUGHT });
  });

  test('a model that thinks again in mid-answer is not heard thinking either', async () => {
    const agent = new ChainOfThought();
    const reply = '<think>First.</think>It is fifty-one. <think>Is it?</think>Certainly.';
    const user = await converse({ agent, reply });
    expect((await user.type('Seventeen times three?')).reply).toBe('It is fifty-one. Certainly.');
    expect(agent.thoughts).toEqual(['First.\nIs it?']);
  });

  test('a model that only thinks fails the turn, and the next turn works', async () => {
    let asked = 0;
    const user = await converse({
      agent: new ChainOfThought(),
      reply: () => (asked++ === 0 ? '<think>I wonder and wonder' : 'Here I am.'),
    });
    expect(await user.type('Hello?')).toMatchObject({ outcome: 'failed', error: { code: 'empty-answer' } });
    expect(user.spoken).toEqual([]);
    expect(await user.type('Hello?')).toMatchObject({ outcome: 'completed', reply: 'Here I am.' });
  });
});
