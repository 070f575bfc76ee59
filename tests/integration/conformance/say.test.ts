/** AgentSession: say, and the handle of what is being said. */
import { describe, expect, test } from 'vitest';
import { Agent } from '../../../src-main/conversation/agent.ts';
import { type Conversation, type ConversationOptions, withHost } from '../../support/conversation.ts';

/** A host who has begun to tell a story, all of which is made, and the last of which is still to be heard. */
async function storyteller(options: Pick<ConversationOptions<unknown>, 'record'> = {}): Promise<Conversation> {
  const made = Promise.withResolvers<void>();
  const user = await withHost(
    {
      async *ttsNode(self, text, settings) {
        yield* Agent.default.ttsNode(self, text, settings) ?? [];
        made.resolve();
      },
    },
    { reply: 'A rather long story.', hearsUpTo: 4_800, ...options },
  );
  user.send('Tell me a story.');
  await made.promise;
  // Whoever listens to the node finds its end within this round.
  await new Promise((resolve) => setImmediate(resolve));
  return user;
}

async function* numbers() {
  yield 7;
}

describe('say', () => {
  test('speaks without the model, and the conversation remembers it', async () => {
    const user = await withHost({}, { reply: 'Yes.' });
    await user.start();
    expect(await user.session.say('Something new.').waitForPlayout()).toEqual({ interrupted: false });
    expect(user.prompts).toEqual([]);
    await user.type('What did you say?');
    expect(user.shown(0)).toEqual(['Something new.', 'What did you say?']);
  });

  test('with addToChatCtx: false the conversation does not remember it', async () => {
    const user = await withHost({}, { reply: 'Yes.' });
    await user.start();
    await user.session.say('One moment.', { addToChatCtx: false }).waitForPlayout();
    await user.type('Well?');
    expect(user.spoken).toContain('One moment.');
    expect(user.shown(0)).toEqual(['Well?']);
  });

  test('takes a text that is still being written', async () => {
    async function* writing() {
      yield 'First ';
      yield 'and last.';
    }
    const user = await withHost();
    await user.start();
    await user.session.say(writing()).waitForPlayout();
    expect(user.spoken).toEqual(['First and last.']);
  });

  test('plays the sound that it is given, and asks no voice for it', async () => {
    const sound = new Int16Array(4_800).fill(1_000);
    async function* recorded() {
      yield { samples: sound.subarray(0, 2_400), sampleRate: 24_000 };
      yield { samples: sound.subarray(2_400), sampleRate: 24_000 };
    }
    const user = await withHost();
    await user.start();
    await user.session.say('This is recorded.', { audio: recorded() }).waitForPlayout();
    const turnId = user.eventsOf('turn_started')[0]?.turnId ?? '';
    const turn = await user.outcome(turnId);
    expect(turn).toMatchObject({ reply: 'This is recorded.', heard: 'This is recorded.' });
    expect(turn.sound).toEqual(sound);
    expect(user.spoken).toEqual([]);
    expect(user.session.history.items).toMatchObject([{ content: ['This is recorded.'] }]);
  });

  test('fails the turn with sound that is none, and names it', async () => {
    async function* wrong() {
      yield 'noise';
    }
    const user = await withHost();
    await user.start();
    user.session.say('This is recorded.', { audio: wrong() as never });
    const turnId = user.eventsOf('turn_started')[0]?.turnId ?? '';
    expect((await user.outcome(turnId)).error).toMatchObject({
      code: 'node-type',
      message: expect.stringContaining('The audio given to say'),
    });
  });

  test('before the session starts waits for it', async () => {
    const user = await withHost();
    const handle = user.session.say('Good morning.');
    await user.start();
    await handle.waitForPlayout();
    expect(user.spoken).toEqual(['Good morning.']);
  });

  test('waits for what is being said already', async () => {
    const user = await withHost();
    await user.start();
    const first = user.session.say('One.');
    const second = user.session.say('Two.');
    await Promise.all([first.waitForPlayout(), second.waitForPlayout()]);
    expect(user.spoken).toEqual(['One.', 'Two.']);
  });

  test('waits for the last words of a reply that are still to be heard, and is a turn of its own', async () => {
    const user = await storyteller();
    const handle = user.session.say('By the way.');
    expect(handle.done()).toBe(false);
    user.hearOn();
    expect(await handle.waitForPlayout()).toEqual({ interrupted: false });
    expect(user.spoken).toEqual(['A rather long story.', 'By the way.']);
    const told = user.events.map(({ type }) => type).filter((type) => /^turn_|^speech_created/.test(type));
    expect(told.slice(0, 5)).toEqual([
      'turn_started',
      'speech_created',
      'turn_ended',
      'turn_started',
      'speech_created',
    ]);
  });

  test('whoever interrupts the words it waits for interrupts it, too', async () => {
    const user = await storyteller();
    const handle = user.session.say('By the way.');
    user.session.interrupt();
    expect(await handle.waitForPlayout()).toEqual({ interrupted: true });
    user.hearOn();
    await user.type('Thanks.');
    expect(user.spoken).not.toContain('By the way.');
  });

  test('after a reply whose turn is the last that can be kept is given up, and the session says why', async () => {
    let full = false;
    const user = await storyteller({
      record: ({ type }) => {
        if (full && type === 'turn_started') throw new Error('The disk is full');
      },
    });
    full = true;
    const handle = user.session.say('By the way.');
    user.hearOn();
    expect(await handle.waitForPlayout()).toEqual({ interrupted: true });
    const failure = await user.until(() => user.eventsOf('error')[0]);
    expect(failure).toMatchObject({ turnId: null, recoverable: true, error: { message: 'The disk is full' } });
  });

  test('lets go of a text that is still being written when it is interrupted', async () => {
    const letGo = Promise.withResolvers<void>();
    async function* writing() {
      try {
        while (true) yield 'And so on. ';
      } finally {
        letGo.resolve();
      }
    }
    const user = await withHost({}, { hearsUpTo: 4_800 });
    await user.start();
    const handle = user.session.say(writing());
    await user.until(() => user.eventsOf('agent_speech_heard').some(({ heardSamples }) => heardSamples > 0));
    user.session.interrupt();
    await letGo.promise;
    expect(await handle.waitForPlayout()).toEqual({ interrupted: true });
  });

  test.each([
    ['yields no text', () => numbers()],
    ['is no text at all', () => 7],
  ])('fails the turn with a text that %s, and names it', async (_, text) => {
    const user = await withHost();
    await user.start();
    user.session.say(text() as never);
    const turnId = user.eventsOf('turn_started')[0]?.turnId ?? '';
    expect((await user.outcome(turnId)).error).toMatchObject({
      code: 'node-type',
      message: expect.stringContaining('The text given to say'),
    });
  });

  test('is interrupted by the talk key, and its handle says so', async () => {
    const user = await withHost({}, { hearsUpTo: 4_800 });
    await user.start();
    const handle = user.session.say('A rather long announcement.');
    await user.until(() => user.eventsOf('agent_speech_heard').some(({ heardSamples }) => heardSamples > 0));
    user.press();
    expect(await handle.waitForPlayout()).toEqual({ interrupted: true });
    user.session.clearUserTurn();
  });
});

describe('a speech handle', () => {
  test('has the id of its event, is done once it was heard, and calls back then', async () => {
    const user = await withHost();
    await user.start();
    const handle = user.session.say('Something new.');
    const called: unknown[] = [];
    handle.addDoneCallback((done) => called.push(done));
    expect([handle.done(), handle.interrupted, called]).toEqual([false, false, []]);
    await handle.waitForPlayout();
    expect([handle.done(), handle.interrupted]).toEqual([true, false]);
    expect(called).toEqual([handle]);
    expect(user.eventsOf('speech_created')).toMatchObject([{ source: 'say', speechId: handle.id }]);
    await new Promise<void>((resolve) => handle.addDoneCallback(() => resolve()));
  });

  test('says that it was interrupted', async () => {
    const user = await withHost({}, { hearsUpTo: 4_800 });
    await user.start();
    const handle = user.session.say('A rather long announcement.');
    await user.until(() => user.eventsOf('agent_speech_heard').some(({ heardSamples }) => heardSamples > 0));
    user.session.interrupt();
    await handle.waitForPlayout();
    expect([handle.done(), handle.interrupted]).toEqual([true, true]);
  });
});
