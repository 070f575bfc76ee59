import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { type AudioFrame, concatSamples } from '../../../src-main/audio/frame.ts';
import { Agent, type AgentOptions, agent } from '../../../src-main/conversation/agent.ts';
import { StopResponse, tool } from '../../../src-main/conversation/tool.ts';
import { converse } from '../../support/conversation.ts';
import { type RealtimeServerOptions, startRealtimeServer } from '../../support/realtime-server.ts';
import { quiet, speech } from '../../support/speech.ts';
import { modelAt, realtimeServerAt } from './calls.ts';

const SOUND = Int16Array.from({ length: 48_000 }, (_, i) => (i * 7) % 3_000);
const question = await speech('What time is it?');

async function server(options: RealtimeServerOptions = {}) {
  const started = await startRealtimeServer({ reply: { text: 'It is just noon.', sound: SOUND }, ...options });
  onTestFinished(() => started.close());
  return started;
}

type RealtimeTestServer = Awaited<ReturnType<typeof server>>;

function optionsFor({ baseUrl }: RealtimeTestServer, more: Partial<AgentOptions> = {}): AgentOptions {
  return { id: 'talker', instructions: 'Be brief.', llm: modelAt(realtimeServerAt(baseUrl)), ...more };
}

const wordsAt = (at: RealtimeTestServer) => at.items().map(({ content }) => content?.[0]?.text ?? content?.[0]?.type);

describe('a conversation with a speech-to-speech model', () => {
  it('hears what was captured, says what it answers, and asks no other server', async () => {
    const at = await server();
    const conversation = await converse({ agent: new Agent(optionsFor(at)) });
    const turn = await conversation.say(question);
    expect(turn).toMatchObject({
      outcome: 'completed',
      user: 'What time is it?',
      reply: 'It is just noon.',
      heard: 'It is just noon.',
    });
    expect([...turn.sound]).toEqual([...SOUND]);
    const captured = concatSamples(conversation.eventsOf('audio_captured', turn.id).map(({ samples }) => samples));
    expect([...(at.heard[0] as Int16Array)]).toEqual([...captured]);
    expect(conversation.server.requests().filter(({ stage }) => stage !== null)).toEqual([]);
    expect((await at.received('response.create')).response).toMatchObject({ instructions: 'Be brief.' });
    const told = conversation.session.history.items.map((item) => item.type === 'message' && item.content[0]);
    expect(told).toEqual(['What time is it?', 'It is just noon.']);
    expect(conversation.session.usage.map(({ stage }) => stage).sort()).toEqual(['llm', 'stt']);
    const ofTurn = conversation.events
      .filter((event) => 'turnId' in event)
      .map((event) => 'turnId' in event && event.turnId);
    expect(new Set(ofTurn)).toEqual(new Set([turn.id]));
  });

  it('remembers by itself what was said, and is told only what it did not hear', async () => {
    const at = await server();
    const conversation = await converse({ agent: new Agent(optionsFor(at)) });
    await conversation.say(question);
    await conversation.type('And tomorrow?');
    await conversation.say(question);
    expect(wordsAt(at)).toEqual(['input_audio', undefined, 'And tomorrow?', undefined, 'input_audio', undefined]);
    expect(at.events.filter(({ type }) => type === 'conversation.item.create')).toHaveLength(1);
    expect(at.connections).toHaveLength(1);
  });

  it('is sent nothing of a take without speech', async () => {
    const at = await server();
    const conversation = await converse({ agent: new Agent(optionsFor(at)) });
    expect((await conversation.say(quiet(600))).outcome).toBe('no-speech');
    expect((await conversation.say(question)).outcome).toBe('completed');
    expect(at.heard).toHaveLength(1);
  });

  it('calls tools, and answers with what they say', async () => {
    const call = { callId: 'call_1', name: 'clock', arguments: '{"zone":"UTC"}' };
    const at = await server({
      reply: (items) =>
        items.at(-1)?.type === 'function_call_output'
          ? { text: `It is ${items.at(-1)?.output}.`, sound: SOUND }
          : { calls: [call] },
    });
    const clock = tool({
      name: 'clock',
      description: 'Tells the time',
      parameters: z.object({ zone: z.string() }),
      execute: async ({ zone }) => `noon in ${zone}`,
    });
    const conversation = await converse({ agent: new Agent(optionsFor(at, { tools: [clock] })) });
    const turn = await conversation.say(question);
    expect(turn).toMatchObject({ outcome: 'completed', reply: 'It is noon in UTC.' });
    const executed = conversation.eventsOf('function_tools_executed', turn.id)[0]?.executions;
    expect(executed?.map(({ output }) => output.output)).toEqual(['noon in UTC']);
    expect(at.items().map(({ type }) => type)).toEqual(['message', 'function_call', 'function_call_output', 'message']);
  });

  it('is interrupted: cancelled, cut at the played position, and remembers only what was heard', async () => {
    let endless = true;
    const at = await server({ reply: () => ({ text: 'One two three four.', sound: SOUND, endless }) });
    const conversation = await converse({ agent: new Agent(optionsFor(at)), hearsUpTo: 12_000 });
    const id = conversation.press();
    conversation.speak(question);
    conversation.release();
    await conversation.until(() => conversation.eventsOf('agent_speech_heard', id).at(-1)?.heardSamples === 12_000);
    await conversation.until(() => conversation.eventsOf('agent_audio_generated', id).length === 20);
    conversation.press();
    const turn = await conversation.outcome(id);
    expect(turn).toMatchObject({ outcome: 'interrupted', user: 'What time is it?', heard: 'One' });
    await at.received('response.cancel');
    expect(await at.received('conversation.item.truncate')).toMatchObject({ content_index: 0, audio_end_ms: 500 });
    const said = conversation.session.currentAgent.chatCtx.items.at(-1);
    expect(said).toMatchObject({ role: 'assistant', content: ['One'], interrupted: true });
    endless = false;
    conversation.speak(question);
    const next = conversation.eventsOf('turn_started')[1]?.turnId as string;
    conversation.release();
    await conversation.until(() => conversation.eventsOf('agent_audio_generated', next).length === 20);
    expect(at.heard).toHaveLength(2);
    expect(at.connections).toHaveLength(1);
  });

  it('tells a hook the words before the answer, and keeps what the hook makes of them', async () => {
    const at = await server();
    const seen: string[] = [];
    const hooked = agent({
      ...optionsFor(at),
      async onUserTurnCompleted(_, turnCtx, message) {
        seen.push(String(message.content[0]), ...at.types().filter((type) => type === 'response.create'));
        turnCtx.addMessage({ role: 'system', content: 'The user is in Paris.' });
        message.content = ['What time is it in Paris?'];
      },
    });
    const conversation = await converse({ agent: hooked });
    await conversation.say(question);
    expect(seen).toEqual(['What time is it?']);
    expect(wordsAt(at).slice(0, 2)).toEqual(['The user is in Paris.', 'What time is it in Paris?']);
    await conversation.type('Thanks');
    expect(wordsAt(at).filter((words) => words === 'The user is in Paris.')).toHaveLength(1);
  });

  it('stays silent when a hook says so', async () => {
    const at = await server();
    const hooked = agent({
      ...optionsFor(at),
      async onUserTurnCompleted() {
        throw new StopResponse('dictation');
      },
    });
    const conversation = await converse({ agent: hooked });
    expect(await conversation.say(question)).toMatchObject({
      outcome: 'completed',
      reply: '',
      stopReason: 'dictation',
    });
    expect(at.types()).not.toContain('response.create');
  });

  it('shows what transcriptionNode makes of the words, and plays what realtimeAudioOutputNode makes of the sound', async () => {
    const at = await server();
    const changed = agent({
      ...optionsFor(at),
      async *transcriptionNode(_, text) {
        for await (const piece of text) yield piece.toUpperCase();
      },
      async *realtimeAudioOutputNode(_, audio) {
        for await (const { samples, sampleRate } of audio) yield { samples: samples.map((x) => x >> 1), sampleRate };
      },
    });
    const conversation = await converse({ agent: changed });
    const turn = await conversation.say(question);
    expect(turn.reply).toBe('IT IS JUST NOON.');
    expect([...turn.sound]).toEqual([...SOUND.map((x) => x >> 1)]);
  });

  it('is cut at its own position when a node plays it at twice the speed', async () => {
    const at = await server({ reply: { text: 'One two three four.', sound: SOUND, endless: true } });
    const hasty = agent({
      ...optionsFor(at),
      async *realtimeAudioOutputNode(_, audio: AsyncIterable<AudioFrame>) {
        for await (const { samples, sampleRate } of audio) {
          yield { samples: samples.filter((_x, index) => index % 2 === 0), sampleRate };
        }
      },
    });
    const conversation = await converse({ agent: hasty, hearsUpTo: 6_000 });
    const id = conversation.press();
    conversation.speak(question);
    conversation.release();
    await conversation.until(() => conversation.eventsOf('agent_audio_generated', id).length === 20);
    conversation.session.interrupt();
    await conversation.outcome(id);
    expect(await at.received('conversation.item.truncate')).toMatchObject({ audio_end_ms: 500 });
  });

  it('shows a reply whose sound is switched off', async () => {
    const at = await server();
    const mute = agent({ ...optionsFor(at), realtimeAudioOutputNode: () => null });
    const conversation = await converse({ agent: mute });
    expect(await conversation.say(question)).toMatchObject({ outcome: 'completed', heard: 'It is just noon.' });
  });

  it('fails its turn when the connection is lost in mid-answer, and answers the next with all that was said', async () => {
    let endless = true;
    const at = await server({ reply: () => ({ text: 'It is just noon.', sound: SOUND, endless }) });
    const conversation = await converse({ agent: new Agent(optionsFor(at)) });
    const id = conversation.press();
    conversation.speak(question);
    conversation.release();
    await conversation.until(() => conversation.eventsOf('agent_audio_generated', id).length === 20);
    await conversation.until(() => conversation.eventsOf('user_speech_committed', id).length === 1);
    endless = false;
    at.dropAll();
    const lost = await conversation.outcome(id);
    expect(lost).toMatchObject({
      outcome: 'failed',
      user: 'What time is it?',
      error: { code: 'disconnected', stage: 'llm' },
    });
    const turn = await conversation.say(question);
    expect(turn).toMatchObject({ outcome: 'completed', reply: 'It is just noon.' });
    expect(at.connections).toHaveLength(2);
    expect(wordsAt(at)[0]).toBe('What time is it?');
  });

  it('answers also when the words of the user stay unknown, and says so', async () => {
    const at = await server({
      intercept({ type }, end) {
        if (type !== 'input_audio_buffer.commit') return false;
        end.send({ type: 'input_audio_buffer.committed', item_id: 'item_x' });
        const error = { type: 'server_error', message: 'out of order' };
        end.send({ type: 'conversation.item.input_audio_transcription.failed', item_id: 'item_x', error });
        return true;
      },
    });
    const conversation = await converse({ agent: new Agent(optionsFor(at)) });
    expect(await conversation.say(question)).toMatchObject({
      outcome: 'completed',
      user: '',
      reply: 'It is just noon.',
    });
    expect(conversation.eventsOf('error')).toMatchObject([{ error: { code: 'server-failed' } }]);
  });

  it('hands over to an agent with another voice, which is told what was said', async () => {
    const call = { callId: 'call_1', name: 'transfer', arguments: '{}' };
    const at = await server({
      reply: (items) =>
        items.some(({ type }) => type === 'function_call_output')
          ? { text: 'Hello, I am the expert.', sound: SOUND }
          : { calls: [call] },
    });
    const llm = modelAt(realtimeServerAt(at.baseUrl));
    const expert = new Agent({ id: 'expert', instructions: 'Know it.', llm, voice: 'cedar' });
    const transfer = tool({
      name: 'transfer',
      description: 'Fetches the expert',
      parameters: z.object({}),
      execute: async () => ({ agent: expert, result: 'The expert is here.' }),
    });
    const front = new Agent({ id: 'front', instructions: 'Transfer.', llm, tools: [transfer] });
    const conversation = await converse({ agent: front });
    expect(await conversation.say(question)).toMatchObject({ outcome: 'completed', reply: 'Hello, I am the expert.' });
    const voices = at.events.filter(({ type }) => type === 'session.update').map(({ session }) => session);
    expect(voices).toMatchObject([
      { audio: { output: { voice: 'marin' } } },
      { audio: { output: { voice: 'cedar' } } },
    ]);
    expect(at.items().map(({ type }) => type)).toEqual(['message', 'function_call', 'function_call_output', 'message']);
  });

  it('hands over to an agent of the pipeline and back: each is told what was said with the other', async () => {
    const fetching = (callId: string) => ({ calls: [{ callId, name: 'fetch_writer', arguments: '{}' }] });
    const at = await server({
      reply: (items) =>
        items.some(({ type }) => type === 'function_call_output')
          ? { text: 'I am back.', sound: SOUND }
          : fetching('call_1'),
    });
    const talker: Agent = new Agent(
      optionsFor(at, {
        tools: [
          tool({ name: 'fetch_writer', description: '', execute: () => ({ agent: writer, result: 'Here I am.' }) }),
        ],
      }),
    );
    const fetchTalker = tool({
      name: 'fetch_talker',
      description: '',
      execute: () => ({ agent: talker, result: 'Yes?' }),
    });
    const writer: Agent = agent({
      id: 'writer',
      instructions: 'Write.',
      tools: [fetchTalker],
      llmNode: Agent.default.llmNode,
    });
    const conversation = await converse({
      agent: talker,
      transcript: 'Fetch the talker.',
      reply: (messages) =>
        messages.at(-1)?.role === 'tool' ? 'I write.' : { toolCalls: [{ name: 'fetch_talker', arguments: {} }] },
    });
    expect(await conversation.say(question)).toMatchObject({ user: 'What time is it?', reply: 'I write.' });
    expect(await conversation.say(question)).toMatchObject({ user: 'Fetch the talker.', reply: 'I am back.' });
    expect(conversation.steps).toEqual(['fetch_writer', '→ writer', 'fetch_talker', '→ talker']);
    expect(conversation.prompts.at(-1)?.map(({ content }) => content)).toContain('What time is it?');
    expect(wordsAt(at)).toContain('I write.');
    expect(wordsAt(at)).toContain('Fetch the talker.');
    expect(at.heard).toHaveLength(1);
  });
});
