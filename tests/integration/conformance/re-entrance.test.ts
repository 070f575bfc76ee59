/** Hooks that ask the session for something while it waits for them. */
import { describe, expect, test } from 'vitest';
import type { AgentSession } from '../../../src-main/conversation/session.ts';
import { StopResponse } from '../../../src-main/conversation/tool.ts';
import { type Conversation, withHost } from '../../support/conversation.ts';

type Asked = Pick<AgentSession, 'say' | 'generateReply' | 'interrupt' | 'cancel' | 'clearUserTurn' | 'commitUserTurn'>;

/** What came of a turn in which the hook asks, and of the one after it. */
async function turnsWith(ask: (session: Asked) => unknown): Promise<{ user: Conversation; replies: string[] }> {
  let asks = true;
  const user = await withHost(
    {
      async onUserTurnCompleted({ session }) {
        if (asks) await ask(session);
        asks = false;
      },
    },
    { reply: 'Yes.' },
  );
  const replies = [];
  for (const words of ['One.', 'Two.']) {
    const { outcome, reply } = await user.type(words);
    replies.push(`${outcome} ${reply}`);
  }
  return { user, replies };
}

describe('onUserTurnCompleted', () => {
  test.each<[string, (session: Asked) => unknown, string]>([
    ['say: it is said before the reply', (session) => void session.say('Hm. '), 'completed Hm. Yes.'],
    ['generateReply: it is made before the reply', (session) => void session.generateReply(), 'completed Yes. Yes.'],
    ['clearUserTurn: the words are known already', (session) => session.clearUserTurn(), 'completed Yes.'],
    ['interrupt: nothing is answered', (session) => session.interrupt(), 'interrupted '],
    ['cancel: nothing is answered', (session) => session.cancel(), 'cancelled '],
    [
      'commitUserTurn: nobody speaks, and the hook is told so',
      (session) => expect(session.commitUserTurn()).rejects.toMatchObject({ code: 'nothing-to-commit' }),
      'completed Yes.',
    ],
  ])('calls %s; the next turn is answered', async (_, ask, expected) => {
    const { user, replies } = await turnsWith(ask);
    expect(replies).toEqual([expected, 'completed Yes.']);
    const asked = user.prompts.at(-1)?.filter(({ role }) => role === 'user');
    expect(asked?.map(({ content }) => content)).toEqual(['One.', 'Two.']);
  });

  test('throws StopResponse after it has waited', async () => {
    const user = await withHost({
      async onUserTurnCompleted() {
        await new Promise((resolve) => setImmediate(resolve));
        throw new StopResponse('thought better of it');
      },
    });
    expect(await user.type('One.')).toMatchObject({ outcome: 'completed', stopReason: 'thought better of it' });
    expect(user.prompts).toEqual([]);
  });
});

describe('onEnter', () => {
  test('calls interrupt, then say: what it says is heard', async () => {
    const user = await withHost({
      async onEnter({ session }) {
        session.interrupt();
        session.say('Welcome.');
      },
    });
    expect(await user.start()).toMatchObject({ outcome: 'completed', heard: 'Welcome.' });
  });

  test('calls interrupt in the user’s turn: that turn ends, and what it says then is heard', async () => {
    const user = await withHost(
      {
        async onEnter({ session }) {
          session.interrupt();
          session.say('Welcome.');
        },
      },
      { reply: 'Yes.' },
    );
    expect(await user.type('Hello.')).toMatchObject({ outcome: 'interrupted', user: 'Hello.', error: null });
    const welcome = await user.until(() => user.eventsOf('turn_started')[1]);
    expect(await user.outcome(welcome.turnId)).toMatchObject({ outcome: 'completed', heard: 'Welcome.' });
  });
});

test.each(['onEnter', 'onUserTurnCompleted'])(
  '%s that throws before it returns a promise is named all the same',
  async (name) => {
    let throws = true;
    const user = await withHost(
      {
        [name]() {
          if (throws) throw 'a string';
          return Promise.resolve();
        },
      },
      { reply: 'Yes.' },
    );
    expect((await user.type('One.')).error).toMatchObject({
      code: 'hook-failed',
      message: `host.${name} failed: a string`,
    });
    throws = false;
    expect(await user.type('Two.')).toMatchObject({ outcome: 'completed', error: null });
  },
);
