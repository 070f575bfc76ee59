/** AgentSession: what an app and its agents can ask of it. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { agent } from '../../../src-main/conversation/agent.ts';
import { ChatContext } from '../../../src-main/conversation/chat-context.ts';
import { StopResponse, tool } from '../../../src-main/conversation/tool.ts';
import { converse, withHost } from '../../support/conversation.ts';
import { speech } from '../../support/speech.ts';

const spoken = await speech('What time is it in Lisbon?');
const host = () => agent({ id: 'host', instructions: '' });

describe('generateReply', () => {
  test('answers userInput as if the user had said it', async () => {
    const user = await withHost({}, { reply: 'It is noon.' });
    await user.start();
    await user.session.generateReply({ userInput: 'What time is it?' }).waitForPlayout();
    await user.type('Thanks.');
    expect(user.prompts[1]?.map(({ role, content }) => [role, content])).toEqual([
      ['user', 'What time is it?'],
      ['assistant', 'It is noon.'],
      ['user', 'Thanks.'],
    ]);
  });

  test('answers a message, with what is in it besides words', async () => {
    const user = await withHost({}, { reply: 'A cat.' });
    await user.start();
    const image = { type: 'image' as const, mimeType: 'image/png', base64: 'AAAA' };
    const userInput = new ChatContext().addMessage({ role: 'user', content: ['What is this?', image] });
    await user.session.generateReply({ userInput }).waitForPlayout();
    expect(user.prompts[0]).toMatchObject([
      { role: 'user', content: [{ text: 'What is this?' }, { image_url: { url: 'data:image/png;base64,AAAA' } }] },
    ]);
    expect(user.session.history.items[0]).toMatchObject({ id: userInput.id, role: 'user' });
  });

  test('answers the very message that a hook was given, once', async () => {
    const user = await withHost(
      {
        async onUserTurnCompleted(self, _, newMessage) {
          self.session.generateReply({ userInput: newMessage, instructions: 'Rhyme.' });
          throw new StopResponse('answered otherwise');
        },
      },
      { reply: 'Fine, and thine?' },
    );
    const turn = await user.type('How are you?');
    expect(turn).toMatchObject({ user: 'How are you?', reply: 'Fine, and thine?' });
    expect(user.prompts.map((prompt) => prompt.map(({ content }) => content))).toEqual([['Rhyme.', 'How are you?']]);
    expect(user.eventsOf('user_speech_committed', turn.id).map(({ given }) => given)).toEqual([undefined]);
  });

  test('with a chatCtx shows the model that conversation, for this reply alone', async () => {
    const user = await withHost({}, { reply: 'Yes.' });
    await user.type('One.');
    const chatCtx = new ChatContext();
    chatCtx.addMessage({ role: 'user', content: 'Another conversation.', createdAt: 1 });
    await user.session.generateReply({ chatCtx, userInput: 'And now?' }).waitForPlayout();
    await user.type('Two.');
    expect(user.shown(1)).toEqual(['Another conversation.', 'And now?']);
    expect(user.shown(2)).toEqual(['One.', 'Yes.', 'And now?', 'Yes.', 'Two.']);
  });

  test('its instructions come with the agent’s own, for this reply alone', async () => {
    const user = await converse({ agent: agent({ id: 'host', instructions: 'Be brief.' }), reply: 'Yes.' });
    await user.start();
    await user.session.generateReply({ instructions: 'Say goodbye.' }).waitForPlayout();
    await user.type('Wait.');
    expect(user.prompts.map((prompt) => prompt[0]?.content)).toEqual(['Be brief.\n\nSay goodbye.', 'Be brief.']);
  });
});

describe('generateReply with a tool choice', () => {
  const clock = tool({ name: 'clock', description: '', parameters: z.object({}), execute: () => 'noon' });

  test('asks the model with it the first time, not again with the results', async () => {
    const user = await withHost(
      { tools: [clock] },
      {
        reply: (messages) =>
          messages.at(-1)?.role === 'tool' ? 'It is noon.' : { toolCalls: [{ name: 'clock', arguments: {} }] },
      },
    );
    await user.start();
    await user.session.generateReply({ userInput: 'The time?', toolChoice: { name: 'clock' } }).waitForPlayout();
    expect(user.server.requests('llm').map(({ json }) => json?.tool_choice)).toEqual([
      { type: 'function', function: { name: 'clock' } },
      undefined,
    ]);
    expect(user.spoken).toEqual(['It is noon.']);
  });

  test.each(['none', 'required', 'auto'] as const)('%s is what the model is told', async (toolChoice) => {
    const user = await withHost({ tools: [clock] }, { reply: 'Good morning.' });
    await user.start();
    await user.session.generateReply({ instructions: 'Greet.', toolChoice }).waitForPlayout();
    expect(user.server.requests('llm')[0]?.json?.tool_choice).toBe(toolChoice);
  });
});

describe('interrupt', () => {
  test('stops what is said and what waits to be said; their handles say so', async () => {
    const user = await withHost({}, { hearsUpTo: 4_800 });
    await user.start();
    const handles = [user.session.say('A rather long announcement.'), user.session.say('And another one.')];
    await user.until(() => user.eventsOf('agent_speech_heard').some(({ heardSamples }) => heardSamples > 0));
    user.session.interrupt();
    expect(await Promise.all(handles.map((handle) => handle.waitForPlayout()))).toEqual([
      { interrupted: true },
      { interrupted: true },
    ]);
    expect(user.session.agentState).toBe('idle');
  });

  test('does nothing while nobody answers', async () => {
    const user = await withHost();
    user.session.interrupt();
    const turnId = user.press();
    user.session.interrupt();
    expect(user.eventsOf('turn_ended', turnId)).toEqual([]);
    user.session.clearUserTurn();
    expect((await user.outcome(turnId)).outcome).toBe('cancelled');
  });
});

describe('commitUserTurn', () => {
  test('ends what the user says, and resolves to the transcript', async () => {
    const user = await withHost({}, { transcript: 'What time is it?', reply: 'Noon.' });
    const turnId = user.press();
    user.speak(spoken);
    expect(await user.session.commitUserTurn()).toBe('What time is it?');
    expect(await user.outcome(turnId)).toMatchObject({ outcome: 'completed', reply: 'Noon.' });
  });

  test('with reply: false the words are kept and not answered', async () => {
    const user = await withHost({}, { transcript: 'A note.', reply: 'Yes.' });
    const turnId = user.press();
    user.speak(spoken);
    expect(await user.session.commitUserTurn({ reply: false })).toBe('A note.');
    expect(await user.outcome(turnId)).toMatchObject({ outcome: 'completed', user: 'A note.', reply: '' });
    expect(user.prompts).toEqual([]);
    await user.type('What did I note?');
    expect(user.shown(0)).toEqual(['A note.', 'What did I note?']);
  });

  test('rejects when nobody speaks', async () => {
    const user = await withHost();
    await expect(user.session.commitUserTurn()).rejects.toMatchObject({ code: 'nothing-to-commit' });
  });

  test('rejects with the fault of a recogniser that fails', async () => {
    const user = await withHost({}, { chaos: [{ stage: 'stt', kind: 'malformed' }] });
    user.press();
    user.speak(spoken);
    await expect(user.session.commitUserTurn()).rejects.toMatchObject({ stage: 'stt' });
  });
});

describe('clearUserTurn', () => {
  test('drops what the user says: nothing is sent or kept', async () => {
    const user = await withHost();
    const turnId = user.press();
    user.speak(spoken);
    user.session.clearUserTurn();
    expect((await user.outcome(turnId)).outcome).toBe('cancelled');
    expect([user.prompts, user.session.history.items]).toEqual([[], []]);
  });

  test('drops what the user has said, too, while its words are not known yet', async () => {
    const user = await withHost({}, { latencies: { stt: 1_000 } });
    const turnId = user.press();
    user.speak(spoken);
    const committed = user.session.commitUserTurn();
    await user.until(() => user.session.state.phase === 'transcribing');
    user.session.clearUserTurn();
    await expect(committed).rejects.toMatchObject({ code: 'turn-over' });
    expect((await user.outcome(turnId)).outcome).toBe('cancelled');
    expect([user.prompts, user.session.history.items]).toEqual([[], []]);
  });
});

describe('updateInstructions and updateTools', () => {
  test('are in force from the next reply on; the change is an item of the conversation', async () => {
    const changing = host();
    const user = await converse({ agent: changing });
    await user.type('One.');
    await changing.updateInstructions('Rhyme.');
    await user.type('Two.');
    expect(user.prompts[1]?.[0]).toEqual({ role: 'system', content: 'Rhyme.' });
    expect(user.session.history.items.filter(({ type }) => type === 'instructions_change')).toHaveLength(1);
  });

  test('tools that are taken away are not offered any more, new ones are', async () => {
    const named = (name: string) => tool({ name, description: '', parameters: z.object({}), execute: () => 'noon' });
    const changing = agent({ id: 'host', instructions: '', tools: [named('clock')] });
    const user = await converse({ agent: changing });
    await user.type('One.');
    await changing.updateTools([named('calendar')]);
    await user.type('Two.');
    const offered = user.server.requests('llm').map(({ json }) => json?.tools);
    expect(offered).toMatchObject([[{ function: { name: 'clock' } }], [{ function: { name: 'calendar' } }]]);
  });
});

describe('history', () => {
  test('keeps of an interrupted reply what was heard', async () => {
    const user = await withHost({}, { reply: 'One two three four five six.', hearsUpTo: 14_400 });
    const turnId = user.send('Count.');
    await user.until(() => user.eventsOf('agent_speech_heard', turnId).some(({ heardText }) => heardText !== ''));
    user.session.interrupt();
    const turn = await user.outcome(turnId);
    expect('One two three four five six.'.startsWith(turn.heard)).toBe(true);
    const last = user.session.history.items.at(-1);
    expect(last).toMatchObject({ role: 'assistant', interrupted: true, content: [turn.heard] });
  });

  test('is a copy: changing it changes nothing', async () => {
    const user = await withHost({}, { reply: 'Yes.' });
    await user.type('One.');
    user.session.history.addMessage({ role: 'user', content: 'Never said.' });
    expect(user.session.history.items).toHaveLength(2);
  });
});

describe('a session that is closed', () => {
  test('ends the turn in flight, and nothing that still speaks up is heard', async () => {
    const user = await withHost({}, { reply: 'A long story.', hearsUpTo: 4_800 });
    await user.start();
    const turnId = user.send('A story.');
    await user.until(() => user.eventsOf('agent_speech_heard', turnId)[0]);
    await user.session.close();
    expect((await user.outcome(turnId)).outcome).toBe('interrupted');
    expect(await user.session.say('By the way.').waitForPlayout()).toEqual({ interrupted: true });
    expect(() => user.send('Hello?')).toThrow('The conversation is over');
    expect(user.events.at(-1)?.type).toBe('close');
    expect(user.spoken).not.toContain('By the way.');
  });

  test('more than once is closed once: its agent leaves once, and its end is told once', async () => {
    let left = 0;
    const user = await withHost({ onExit: async () => void left++ }, { reply: 'Yes.' });
    await user.type('Is it?');
    await Promise.all([user.session.close(), user.session.close()]);
    await user.session.close();
    expect(left).toBe(1);
    expect(user.eventsOf('close')).toHaveLength(1);
  });

  test('tells whoever waits for words that were never said', async () => {
    const user = await withHost();
    const handle = user.session.say('Before anybody can hear it.');
    await user.session.close();
    expect(await handle.waitForPlayout()).toEqual({ interrupted: true });
  });
});

describe('a turn that can’t be kept', () => {
  test('does not begin, and what it should have said is not waited for', async () => {
    let full = true;
    const user = await converse({
      agent: host(),
      record: ({ type }) => {
        if (full && type === 'turn_started') throw new Error('The disk is full');
      },
    });
    await user.start();
    expect(() => user.session.say('Hello.')).toThrow('The disk is full');
    expect(() => user.send('Hello?')).toThrow('The disk is full');
    full = false;
    expect(await user.type('Hello?')).toMatchObject({ outcome: 'completed' });
    expect(user.eventsOf('turn_started')).toHaveLength(1);
  });
});

describe('userData', () => {
  test('is one object for the session and every agent of it', async () => {
    const data = { visits: 0 };
    const counting = (id: string) =>
      agent<typeof data>({
        id,
        instructions: '',
        onEnter: async (self) => {
          self.session.userData.visits += 1;
        },
      });
    const user = await converse({ agent: counting('first'), userData: data });
    await user.start();
    await user.session.updateAgent(counting('second'));
    expect(user.session.userData).toBe(data);
    expect(data.visits).toBe(2);
  });
});
