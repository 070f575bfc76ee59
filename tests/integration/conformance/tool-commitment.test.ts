/** What a tool does can't be taken back: it does nothing before the turn is committed and its call is complete. */
import { expect, test } from 'vitest';
import { tool } from '../../../src-main/conversation/tool.ts';
import { withHost } from '../../support/conversation.ts';
import type { ProviderServerOptions } from '../../support/provider-server.ts';
import { quiet, speech } from '../../support/speech.ts';

const spoken = await speech('What time is it in Lisbon?');

/** A host that books once it is asked to, at this pace. */
async function booking(pace: ProviderServerOptions['latencies'] = {}) {
  const booked: string[] = [];
  const book = tool({ name: 'book', description: '', execute: (_, { turnId }) => void booked.push(turnId) });
  const user = await withHost(
    { tools: [book] },
    {
      latencies: pace,
      transcript: 'Book it.',
      reply: (messages) =>
        messages.at(-1)?.role === 'tool'
          ? 'Booked.'
          : { content: 'One moment, please, I will book it. ', toolCalls: [{ name: 'book', arguments: {} }] },
    },
  );
  return { user, booked };
}

test('a turn that goes on because the key went down again is acted on once, when it is over', async () => {
  const { user, booked } = await booking();
  const turnId = user.press();
  user.speak(spoken);
  user.release();
  user.press();
  expect(booked).toEqual([]);
  user.speak(quiet(400));
  user.release();
  expect(await user.outcome(turnId)).toMatchObject({ outcome: 'completed' });
  expect(booked).toEqual([turnId]);
});

test('a turn that is interrupted while the model still writes is not acted on, and its record shows no call', async () => {
  const { user, booked } = await booking({ tokensPerSecond: 20 });
  const turnId = user.send('Book it.');
  await user.until(() => user.eventsOf('agent_text_generated', turnId)[0]);
  user.session.interrupt();
  expect((await user.outcome(turnId)).outcome).toBe('interrupted');
  expect(booked).toEqual([]);
  expect(user.session.history.items.map(({ type }) => type)).not.toContain('function_call');
});

test('a turn that is cancelled before it is sent is not acted on', async () => {
  const { user, booked } = await booking();
  const turnId = user.press();
  user.speak(spoken);
  user.session.clearUserTurn();
  expect((await user.outcome(turnId)).outcome).toBe('cancelled');
  expect([booked, user.prompts]).toEqual([[], []]);
});
