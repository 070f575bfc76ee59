/** AgentSession: what it announces, in which order, and to whom. */
import { describe, expect, test } from 'vitest';
import { concatSamples } from '../../../src-main/audio/frame.ts';
import { agent } from '../../../src-main/conversation/agent.ts';
import { textOf } from '../../../src-main/speech/llm/chat.ts';
import { converse, withHost } from '../../support/conversation.ts';
import { speech } from '../../support/speech.ts';

const spoken = await speech('What time is it in Lisbon?');
const host = () => agent({ id: 'host', instructions: '' });

describe('events', () => {
  test('every event of a turn has its id; the first opens it and the last is its outcome', async () => {
    const user = await withHost({}, { transcript: 'What time is it?', reply: 'Noon.' });
    const first = await user.say(spoken);
    const second = await user.type('And now?');
    for (const { id } of [first, second]) {
      const own = user.events.filter((event) => 'turnId' in event && event.turnId === id).map(({ type }) => type);
      expect([own[0], own.at(-1)]).toEqual(['turn_started', 'turn_ended']);
    }
    const without = user.events.filter((event) => !('turnId' in event)).map(({ type }) => type);
    expect(without).toEqual(['session_started']);
  });

  test('nothing of a turn is told after its outcome, also when a loudspeaker reports late', async () => {
    const user = await withHost({}, { reply: 'A long story.', hearsUpTo: 2_400 });
    const turnId = user.send('A story.');
    const made = () => concatSamples(user.eventsOf('agent_audio_generated', turnId).map(({ samples }) => samples));
    await user.until(() => made().length > 2_400);
    user.session.interrupt();
    await user.outcome(turnId);
    user.hearOn();
    await user.type('Thanks.');
    const told = user.events.filter((event) => 'turnId' in event && event.turnId === turnId);
    expect(told.at(-1)?.type).toBe('turn_ended');
  });

  test('tell of a spoken turn in its order', async () => {
    const user = await withHost({}, { transcript: 'What time is it?', reply: 'Noon.' });
    const turn = await user.say(spoken);
    const told = user.events.filter((event) => 'turnId' in event && event.turnId === turn.id).map(({ type }) => type);
    const landmarks = [
      'turn_started',
      'audio_captured',
      'capture_ended',
      'user_input_transcribed',
      'user_speech_committed',
      'speech_created',
      'agent_text_generated',
      'agent_audio_generated',
      'agent_speech_heard',
      'agent_speech_committed',
      'metrics_collected',
      'turn_ended',
    ] as const;
    expect(told.filter((type, index) => landmarks.includes(type as never) && told.indexOf(type) === index)).toEqual(
      expect.arrayContaining([...landmarks]),
    );
    const positions = landmarks.map((type) => told.indexOf(type));
    expect(positions.filter((_, index) => index > 3)).toEqual(
      positions.filter((_, index) => index > 3).toSorted((a, b) => a - b),
    );
  });

  test('the states of user and agent follow the turn', async () => {
    const user = await withHost({}, { transcript: 'What time is it?', reply: 'Noon.' });
    const { id } = await user.say(spoken);
    expect(user.eventsOf('user_state_changed', id).map(({ state }) => state)).toEqual(['speaking', 'idle']);
    expect(user.eventsOf('agent_state_changed', id).map(({ state }) => state)).toEqual([
      'listening',
      'thinking',
      'speaking',
      'idle',
    ]);
    expect([user.session.userState, user.session.agentState]).toEqual(['idle', 'idle']);
  });

  test('the states can be asked for, too, and a turn that is dropped leaves nobody speaking', async () => {
    const user = await withHost();
    const id = user.press();
    user.speak(spoken);
    expect([user.session.userState, user.session.agentState]).toEqual(['speaking', 'listening']);
    user.session.clearUserTurn();
    await user.outcome(id);
    expect(user.eventsOf('user_state_changed', id).map(({ state }) => state)).toEqual(['speaking', 'idle']);
    expect(user.eventsOf('agent_state_changed', id).map(({ state }) => state)).toEqual(['listening', 'idle']);
  });

  test('usage is what the provider said, for each stage, under the turn’s id', async () => {
    const user = await withHost({}, { transcript: 'What time is it?', reply: 'Noon.' });
    const { id } = await user.say(spoken);
    const usage = user.eventsOf('usage_reported', id).map((event) => event.usage);
    expect(new Set(usage.map(({ stage }) => stage))).toEqual(new Set(['stt', 'llm', 'tts']));
    expect(usage.find(({ stage }) => stage === 'llm')).toMatchObject({ outputTokens: 'Noon.'.length });
    expect(user.session.usage).toEqual(usage);
  });

  test('can be listened to by type, until one stops', async () => {
    const user = await withHost({}, { reply: 'Yes.' });
    const texts: string[] = [];
    const stop = user.session.on('user_speech_committed', ({ text }) => texts.push(text));
    await user.type('One.');
    stop();
    await user.type('Two.');
    expect(texts).toEqual(['One.']);
  });

  test('a listener that throws is reported to the others with the event’s name, and the turn goes on', async () => {
    const user = await withHost({}, { transcript: 'What time is it?', reply: 'Noon.' });
    const seen = new Set<string>();
    user.session.on((event) => {
      seen.add(event.type);
      throw new Error('out of ink');
    });
    expect(await user.say(spoken)).toMatchObject({ outcome: 'completed', reply: 'Noon.', error: null });
    await user.session.close();
    const reported = user.eventsOf('error').map(({ error }) => error.message);
    expect(new Set(reported)).toEqual(new Set([...seen].map((type) => `A listener failed at ${type}: out of ink`)));
    expect(seen).toContain('audio_captured');
    expect(seen).toContain('close');
    expect(user.eventsOf('error')[0]?.error).toMatchObject({ code: 'listener-failed' });
  });

  test('a listener to the state that throws is reported, and neither the others nor the turn are disturbed', async () => {
    const user = await withHost({}, { reply: 'Noon.' });
    user.session.onState(() => {
      throw new Error('out of ink');
    });
    const phases: string[] = [];
    user.session.onState(({ phase }) => phases.push(phase));
    expect(await user.type('What time is it?')).toMatchObject({ outcome: 'completed', reply: 'Noon.', error: null });
    expect(phases).toEqual(['thinking', 'speaking', 'idle']);
    const [first] = user.eventsOf('error');
    expect(first?.error).toMatchObject({
      code: 'listener-failed',
      message: 'A listener failed at a change of state: out of ink',
    });
  });

  test('a listener whose promise rejects is reported, too', async () => {
    const user = await withHost({}, { reply: 'Yes.' });
    user.session.on('user_speech_committed', async () => {
      throw new Error('out of ink');
    });
    const { id } = await user.type('One.');
    const failure = await user.until(() => user.eventsOf('error', id)[0]);
    expect(failure.error.message).toBe('A listener failed at user_speech_committed: out of ink');
  });

  test('two listeners that both throw at an error are told of each other, and it ends', async () => {
    const user = await withHost({}, { reply: 'Yes.' });
    for (const name of ['first', 'second']) {
      user.session.on('error', () => {
        throw new Error(name);
      });
    }
    user.session.on('turn_started', () => {
      throw new Error('third');
    });
    const { id } = await user.type('One.');
    expect(user.eventsOf('error', id).map(({ error }) => error.message)).toEqual([
      'A listener failed at turn_started: third',
      'A listener failed at error: first',
      'A listener failed at error: second',
      'A listener failed at error: second',
      'A listener failed at error: first',
    ]);
  });

  test('every message, the user’s and the agent’s, is announced as it becomes part of the conversation', async () => {
    const user = await withHost({}, { reply: 'Yes.' });
    const turn = await user.type('One.');
    const added = user.eventsOf('conversation_item_added', turn.id).map(({ item }) => item);
    expect(added.map((item) => item.type === 'message' && [item.role, textOf(item)])).toEqual([
      ['user', 'One.'],
      ['assistant', 'Yes.'],
    ]);
  });

  test('what joins the conversation between two turns is announced with the next', async () => {
    const first = host();
    const user = await converse({ agent: first, reply: 'Yes.' });
    await user.type('One.');
    await first.updateInstructions('Rhyme.');
    await user.session.updateAgent(agent({ id: 'other', instructions: '' }));
    await user.session.generateReply({ userInput: 'Two.' }).waitForPlayout();
    const [, turn] = user.eventsOf('turn_started');
    const added = user.eventsOf('conversation_item_added', turn?.turnId).map(({ item }) => item);
    expect(added.slice(0, 3)).toMatchObject([
      { type: 'instructions_change', instructions: 'Rhyme.' },
      { type: 'agent_handoff', from: 'host', to: 'other' },
      { type: 'message', role: 'user', content: ['Two.'] },
    ]);
  });

  test('close comes last', async () => {
    const user = await withHost({}, { reply: 'Yes.' });
    await user.type('One.');
    await user.session.close();
    expect(user.events.at(-1)?.type).toBe('close');
  });
});
