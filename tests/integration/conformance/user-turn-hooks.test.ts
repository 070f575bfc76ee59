/** The hooks around what the user says, as LiveKit documents them under "Pipeline nodes and hooks", sentence by sentence. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { concatSamples } from '../../../src-main/audio/frame.ts';
import { type AgentParts, agent } from '../../../src-main/conversation/agent.ts';
import { StopResponse } from '../../../src-main/conversation/tool.ts';
import type { UserTurnExceeded, UserTurnLimit } from '../../../src-main/conversation/user-turn-limit.ts';
import { Fault } from '../../../src-main/fault.ts';
import { textOf } from '../../../src-main/speech/llm/chat.ts';
import { converse, withHost } from '../../support/conversation.ts';
import { speech } from '../../support/speech.ts';

const spoken = await speech('What time is it in Lisbon?');

describe('onUserTurnCompleted', () => {
  test('is called when the user’s turn has ended, before the agent’s reply', async () => {
    let promptsThen = -1;
    const user = await withHost({
      onUserTurnCompleted: async () => {
        promptsThen = user.prompts.length;
      },
    });
    await user.type('Hello.');
    expect([promptsThen, user.prompts.length]).toEqual([0, 1]);
  });

  test('turnCtx is the whole conversation up to the user’s latest message, without it', async () => {
    const seen: string[][] = [];
    const user = await withHost(
      {
        onUserTurnCompleted: async (_self, turnCtx) => {
          seen.push(turnCtx.items.map((item) => (item.type === 'message' ? textOf(item) : item.type)));
        },
      },
      { reply: 'Yes.' },
    );
    await user.type('One.');
    await user.type('Two.');
    expect(seen).toEqual([[], ['One.', 'Yes.']]);
  });

  test('newMessage is the user’s latest message', async () => {
    const seen: unknown[] = [];
    const user = await withHost({
      onUserTurnCompleted: async (_self, _turnCtx, { role, content }) =>
        void seen.push({ role, content: [...content] }),
    });
    await user.type('Hello.');
    expect(seen).toEqual([{ role: 'user', content: ['Hello.'] }]);
  });

  test('messages added to turnCtx are not kept beyond the current turn', async () => {
    const user = await withHost(
      {
        onUserTurnCompleted: async (_self, turnCtx, message) => {
          if (textOf(message) === 'One.') turnCtx.addMessage({ role: 'assistant', content: 'It is noon.' });
        },
      },
      { reply: 'Yes.' },
    );
    await user.type('One.');
    await user.type('Two.');
    expect(user.shown(0)).toEqual(['It is noon.', 'One.']);
    expect(user.shown(1)).toEqual(['One.', 'Yes.', 'Two.']);
  });

  test('updateChatCtx makes them stay', async () => {
    const user = await withHost(
      {
        onUserTurnCompleted: async (self, turnCtx, message) => {
          if (textOf(message) !== 'One.') return;
          await sleep(5);
          turnCtx.addMessage({ role: 'assistant', content: 'It is noon.' });
          await self.updateChatCtx(turnCtx);
        },
      },
      { reply: 'Yes.' },
    );
    await user.type('One.');
    await user.type('Two.');
    expect(user.shown(0)).toEqual(['It is noon.', 'One.']);
    expect(user.shown(1)).toEqual(['It is noon.', 'One.', 'Yes.', 'Two.']);
  });

  test('edits to newMessage are kept in the history from then on', async () => {
    const user = await withHost(
      {
        onUserTurnCompleted: async (_self, _turnCtx, message) => {
          message.content = [textOf(message).replace('damned', 'dear')];
        },
      },
      { reply: 'Yes.' },
    );
    expect((await user.type('My damned cat.')).user).toBe('My dear cat.');
    await user.type('Where is it?');
    expect(user.shown(1)).toEqual(['My dear cat.', 'Yes.', 'Where is it?']);
    expect(JSON.stringify(user.session.history)).not.toContain('damned');
  });

  test('can speak a short filler while the model already thinks, which the conversation does not remember', async () => {
    const user = await withHost(
      {
        async onUserTurnCompleted(self) {
          async function* filler() {
            yield 'Let me think. ';
            await user.until(() => user.prompts.length > 0);
          }
          self.session.say(filler(), { addToChatCtx: false });
        },
      },
      { reply: 'It is noon.' },
    );
    expect((await user.type('What time is it?')).reply).toBe('Let me think. It is noon.');
    await user.type('Thanks.');
    expect(user.shown(1)).toEqual(['What time is it?', 'It is noon.', 'Thanks.']);
  });

  test('what it says and the conversation remembers, the model is shown before it answers', async () => {
    const user = await withHost(
      { onUserTurnCompleted: async (self) => void self.session.say('I looked at the clock. ') },
      { reply: 'It is noon.' },
    );
    await user.type('What time is it?');
    expect(user.shown(0)).toEqual(['What time is it?', 'I looked at the clock. ']);
  });

  test('StopResponse leaves the turn without a reply, and its reason on record', async () => {
    const user = await withHost({
      onUserTurnCompleted: async (_self, _turnCtx, message) => {
        if (textOf(message).startsWith('Hm')) throw new StopResponse('the user is thinking aloud');
      },
    });
    expect(await user.type('Hm.')).toMatchObject({
      outcome: 'completed',
      user: 'Hm.',
      reply: '',
      stopReason: 'the user is thinking aloud',
      error: null,
    });
    expect(user.prompts).toEqual([]);
    expect(await user.type('Hello.')).toMatchObject({ outcome: 'completed', stopReason: null });
    expect(user.shown(0)).toEqual(['Hello.']);
  });

  test('an error in it is the turn’s error, with the hook’s name, and the next turn works', async () => {
    const user = await withHost({
      onUserTurnCompleted: async (_self, _turnCtx, message) => {
        if (textOf(message) === 'One.') throw new TypeError('x is not a function');
      },
    });
    const { outcome, error, user: words } = await user.type('One.');
    expect([outcome, words]).toEqual(['failed', 'One.']);
    expect(error).toMatchObject({
      stage: 'hook',
      code: 'hook-failed',
      message: 'host.onUserTurnCompleted failed: x is not a function',
    });
    expect(await user.type('Two.')).toMatchObject({ outcome: 'completed' });
  });

  test('a fault thrown by it keeps its code and hint', async () => {
    const fault = new Fault('no-documents', 'There are no documents', { hint: 'Choose a folder.', stage: 'hook' });
    const user = await withHost({ onUserTurnCompleted: () => Promise.reject(fault) });
    expect((await user.type('Hello.')).error).toMatchObject({ code: 'no-documents', hint: 'Choose a folder.' });
  });
});

describe('onUserTurnExceeded', () => {
  const limited = (parts: AgentParts<unknown> = {}) =>
    agent({ id: 'host', instructions: '', userTurnLimit: { maxDurationMs: 1_000 }, ...parts });
  const LONG = { transcript: 'A very long story.', reply: 'Let me stop you there.' };

  test('is called once, when the user has been speaking long enough to exceed the limit, and still speaks', async () => {
    const calls: [UserTurnExceeded, string][] = [];
    const host = limited({
      onUserTurnExceeded: async (self, exceeded) => void calls.push([exceeded, self.session.userState]),
    });
    const user = await converse({ agent: host, ...LONG });
    await user.say(concatSamples([spoken, spoken]));
    expect(calls).toEqual([[{ transcript: '', words: 0, durationMs: 1_000 }, 'speaking']]);
  });

  test('by default ends the user’s turn, and the agent answers', async () => {
    const user = await converse({ agent: limited(), ...LONG });
    const turnId = user.press();
    user.speak(spoken);
    expect(await user.outcome(turnId)).toMatchObject({
      outcome: 'completed',
      user: 'A very long story.',
      reply: 'Let me stop you there.',
    });
  });

  test('can have the agent step in with words of its own', async () => {
    const host = limited({
      onUserTurnExceeded: async ({ session }) => {
        session.say('Sorry to jump in.');
        await session.commitUserTurn({ reply: false });
      },
    });
    const user = await converse({ agent: host, ...LONG });
    const turnId = user.press();
    user.speak(spoken);
    const told = await user.outcome(turnId);
    expect(told).toMatchObject({ outcome: 'completed', user: 'A very long story.', reply: 'Sorry to jump in.' });
    expect(user.prompts).toEqual([]);
  });

  test('counts the words as they are recognised, interim ones too', async () => {
    const seen: UserTurnExceeded[] = [];
    const host = agent({
      id: 'host',
      instructions: '',
      userTurnLimit: { maxWords: 5 },
      onUserTurnExceeded: async (_self, exceeded) => void seen.push(exceeded),
      async *sttNode(_self, audio) {
        for await (const _ of audio) break;
        yield { type: 'final', text: 'One two three.' };
        yield { type: 'interim', text: 'four' };
        yield { type: 'interim', text: 'four, five' };
        yield { type: 'final', text: 'Four, five, six.' };
      },
    });
    const user = await converse({ agent: host });
    await user.say(spoken);
    expect(seen).toMatchObject([{ transcript: 'One two three. four, five', words: 5 }]);
  });

  test('is not called for a turn that stays within the limit, and there is no limit by default', async () => {
    let calls = 0;
    const counting = (userTurnLimit?: UserTurnLimit) =>
      agent({
        id: 'host',
        instructions: '',
        ...(userTurnLimit ? { userTurnLimit } : {}),
        onUserTurnExceeded: async () => void calls++,
      });
    for (const limit of [{ maxDurationMs: 60_000, maxWords: 100 }, undefined]) {
      const user = await converse({ agent: counting(limit), ...LONG });
      expect((await user.say(spoken)).outcome).toBe('completed');
    }
    expect(calls).toBe(0);
  });

  test('an error in it waits until the user has spoken, is the turn’s error with the hook’s name, and the next turn works', async () => {
    let fails = true;
    const host = limited({
      onUserTurnExceeded: async () => {
        if (fails) throw new Error('out of patience');
      },
    });
    const user = await converse({ agent: host, ...LONG });
    const failed = await user.say(spoken);
    expect(failed).toMatchObject({
      outcome: 'failed',
      error: { code: 'hook-failed', stage: 'hook', message: 'host.onUserTurnExceeded failed: out of patience' },
    });
    const captured = concatSamples(user.eventsOf('audio_captured', failed.id).map(({ samples }) => samples));
    expect(captured.length).toBeGreaterThanOrEqual(spoken.length);
    fails = false;
    expect(await user.say(spoken)).toMatchObject({ outcome: 'completed', user: 'A very long story.' });
  });
});
