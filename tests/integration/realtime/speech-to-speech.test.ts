import { LLMock } from '@copilotkit/aimock';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RealtimeSession } from '../../../src-main/speech/realtime/realtime.ts';
import { type RealtimeServerOptions, startRealtimeServer } from '../../support/realtime-server.ts';
import { answer, conversation, microphone, modelAt, realtimeServerAt, samplesOf, say, spoken, take } from './calls.ts';

const SOUND = Int16Array.from({ length: 24_000 }, (_, i) => (i * 7) % 3_000);

async function talking(options: RealtimeServerOptions = {}) {
  const server = await startRealtimeServer({ reply: { text: 'It is noon.', sound: SOUND }, ...options });
  const session: RealtimeSession = modelAt(realtimeServerAt(server.baseUrl)).open(null);
  onTestFinished(async () => {
    session.close();
    await server.close();
  });
  return { server, session };
}

const wordsAt = (server: { items(): readonly { content?: readonly Record<string, unknown>[] }[] }) =>
  server.items().map(({ content }) => content?.[0]?.text ?? content?.[0]?.type ?? null);

describe('speech to speech', () => {
  it('leaves the turn to the key: hears, commits, answers when asked', async () => {
    const { server, session } = await talking();
    const { heard, transcribed } = await say(session, 'question', take(2));
    await heard;
    const { text, sound } = await answer(session, [spoken('question')]);
    expect(await transcribed).toBe('What time is it?');
    expect(text).toBe('It is noon.');
    expect(sound).toEqual(SOUND);
    expect(server.heard.map((samples) => [...samples])).toEqual([[...samplesOf(take(2))]]);
    expect(server.connections[0]?.url).toBe('/v1/realtime?model=gpt-realtime');
    expect((await server.received('session.update')).session).toMatchObject({
      type: 'realtime',
      output_modalities: ['audio'],
      audio: { input: { turn_detection: null, transcription: { language: 'en' } }, output: { voice: 'marin' } },
    });
    expect(server.types().filter((type) => !type.endsWith('append'))).toEqual([
      'session.update',
      'input_audio_buffer.commit',
      'response.create',
    ]);
  });

  it('counts what both sides cost', async () => {
    const { session } = await talking();
    const { heard, transcribed, usage: heardUsage } = await say(session, 'question', take(1));
    await heard;
    const { usage } = await answer(session, [spoken('question')]);
    await transcribed;
    expect(usage).toMatchObject([
      {
        stage: 'llm',
        model: 'gpt-realtime',
        inputTokens: 100,
        cachedInputTokens: 20,
        inputAudioTokens: 60,
        outputTokens: 50,
        outputAudioTokens: 40,
      },
    ]);
    expect(heardUsage).toMatchObject([{ stage: 'stt', model: 'gpt-4o-mini-transcribe', audioMs: 200 }]);
  });

  it('tells what was typed, says what it may do, and reads what it calls', async () => {
    const call = { callId: 'call_1', name: 'clock', arguments: '{"zone":"UTC"}' };
    const { server, session } = await talking({ reply: { calls: [call] } });
    const tool = { name: 'clock', description: 'Tells the time', parameters: { type: 'object' } };
    const context = conversation('Hello', 'Good day', 'What time is it?');
    const { calls } = await answer(session, context.items, { tools: [tool], toolChoice: { name: 'clock' } });
    expect(calls).toEqual([call]);
    expect(wordsAt(server).slice(0, 3)).toEqual(['Hello', 'Good day', 'What time is it?']);
    expect((await server.received('response.create')).response).toEqual({
      instructions: 'Be brief.',
      tools: [{ type: 'function', ...tool }],
      tool_choice: { type: 'function', name: 'clock' },
    });
  });

  it('tells the outcome of a call once, and nothing that the model knows already', async () => {
    const call = { callId: 'call_1', name: 'clock', arguments: '{}' };
    const { server, session } = await talking({
      reply: (items) =>
        items.some(({ type }) => type === 'function_call_output') ? { text: 'Noon.' } : { calls: [call] },
    });
    const context = conversation('What time is it?');
    await answer(session, context.items);
    const stamp = { createdAt: Date.now() };
    context.insert({ type: 'function_call', id: 'one', ...stamp, ...call });
    context.insert({ type: 'function_call_output', id: 'two', ...stamp, ...call, output: '12:00', isError: false });
    expect((await answer(session, context.items, { messageId: 'second' })).text).toBe('Noon.');
    expect(server.items().map(({ type }) => type)).toEqual([
      'message',
      'function_call',
      'function_call_output',
      'message',
    ]);
    expect(server.events.filter(({ type }) => type === 'conversation.item.create')).toHaveLength(2);
  });

  it('forgets what was taken out of the conversation, and learns what was put into it', async () => {
    const { server, session } = await talking();
    const context = conversation('One', 'Two', 'Three');
    await answer(session, context.items);
    context.addMessage({ role: 'assistant', content: 'It is noon.' });
    context.remove(context.items[0]?.id as string);
    const changed = context.items[1] as { content: string[] };
    changed.content = ['Three, really'];
    await answer(session, [...context.items], { messageId: 'second' });
    expect(wordsAt(server).slice(0, 3)).toEqual(['Two', 'Three, really', 'It is noon.']);
  });

  it('keeps the sound of what it heard, unless its words were changed', async () => {
    const { server, session } = await talking();
    const { heard, transcribed } = await say(session, 'question', take(1));
    await heard;
    await transcribed;
    await answer(session, [spoken('question', 'What time is it?')]);
    expect(wordsAt(server)[0]).toBe('input_audio');
    await answer(session, [spoken('question', 'What day is it?')], { messageId: 'second' });
    expect(wordsAt(server)[0]).toBe('What day is it?');
  });

  it('restores the conversation on a new connection: words, and sound that has none yet', async () => {
    const { server, session } = await talking({
      intercept({ type, connection }, end) {
        // The first connection hears, says nothing of it, and is gone.
        if (connection === 1 && type === 'input_audio_buffer.commit') end.drop();
        return false;
      },
    });
    const { heard } = await say(session, 'question', take(1));
    await heard;
    const context = conversation('Hello', 'Good day');
    const { text } = await answer(session, [...context.items, spoken('question')]);
    expect(text).toBe('It is noon.');
    expect(server.connections).toHaveLength(2);
    const [first, second, third] = server.items();
    expect([first, second].map((item) => item?.content?.[0]?.text)).toEqual(['Hello', 'Good day']);
    const audio = Buffer.from(third?.content?.[0]?.audio as string, 'base64');
    expect([...new Int16Array(new Uint8Array(audio).buffer)]).toEqual([...samplesOf(take(1))]);
  });

  it('is cut off by an interruption at once, and forgets what was not heard', async () => {
    const { server, session } = await talking({ reply: { text: 'One. Two.', sound: SOUND, endless: true } });
    const interruption = new AbortController();
    let heardSamples = 0;
    const cut = answer(session, conversation('Count').items, {
      signal: interruption.signal,
      onOutput(output) {
        if (output.type === 'audio') heardSamples += output.frame.samples.length;
        if (heardSamples >= 7_200) interruption.abort(new Error('interrupted'));
      },
    });
    await expect(cut).rejects.toThrow('interrupted');
    session.truncate('answer', 6_000);
    expect(await server.received('conversation.item.truncate')).toMatchObject({ content_index: 0, audio_end_ms: 250 });
    expect(server.types().slice(-2)).toEqual(['response.cancel', 'conversation.item.truncate']);
    const next = new AbortController();
    const second = answer(session, conversation('Again').items, {
      messageId: 'second',
      signal: next.signal,
      onOutput: () => next.abort(new Error('enough')),
    });
    await expect(second).rejects.toThrow('enough');
    expect(server.connections).toHaveLength(1);
  });

  it('takes a take back that was dropped', async () => {
    const { server, session } = await talking();
    await (await say(session, 'first', take(1))).transcribed;
    const dropped = new AbortController();
    const listening = session
      .listen(microphone(take(1).slice(0, 5)), { messageId: 'dropped', signal: dropped.signal, onHeard: () => {} })
      [Symbol.asyncIterator]()
      .next();
    await server.received('input_audio_buffer.append', 15);
    dropped.abort(new Error('cancelled'));
    await expect(listening).rejects.toThrow('cancelled');
    await (await say(session, 'second', take(1))).transcribed;
    expect(server.heard.map((samples) => samples.length)).toEqual([4_800, 4_800]);
  });

  it('answers as aimock does: typed words, usage', async () => {
    const mock = new LLMock({ port: 0 });
    mock.addFixtures([{ match: { endpoint: 'realtime', userMessage: 'Hello' }, response: { content: 'Good day.' } }]);
    await mock.start();
    const session = modelAt(realtimeServerAt(`${mock.url}/v1`)).open(null);
    onTestFinished(async () => {
      session.close();
      await mock.stop();
    });
    const answered = await answer(session, conversation('Hello').items);
    expect(answered.text).toBe('Good day.');
    expect(answered.usage[0]?.raw).toHaveProperty('output_tokens');
  });
});

describe('speech to speech that fails', () => {
  const DONE = { type: 'response.done', response: { id: 'r', status: 'failed' } };
  it.each([
    ['an error event', 'server-failed', [{ type: 'error', error: { type: 'server_error', message: 'broken' } }]],
    [
      'a failed response',
      'rate-limited',
      [
        { type: 'response.created', response: { id: 'r' } },
        { ...DONE, response: { ...DONE.response, status_details: { error: { code: 'rate_limit_exceeded' } } } },
      ],
    ],
    [
      'an answer without a word',
      'empty-answer',
      [
        { type: 'response.created', response: { id: 'r' } },
        { type: 'response.done', response: { id: 'r', status: 'completed' } },
      ],
    ],
  ])('explains %s, and answers the next time', async (_name, code, replies) => {
    let first = true;
    const { session, server } = await talking({
      intercept({ type }, end) {
        if (type !== 'response.create' || !first) return false;
        first = false;
        for (const event of replies) end.send(event);
        return true;
      },
    });
    await expect(answer(session, conversation('Hello').items)).rejects.toMatchObject({ stage: 'llm', code });
    expect((await answer(session, conversation('Hello').items, { messageId: 'second' })).text).toBe('It is noon.');
    expect(server.connections).toHaveLength(1);
  });

  it('explains a connection that is lost in mid-answer, and makes another for the next', async () => {
    let first = true;
    const { session, server } = await talking({
      reply: () => ({ text: 'It is noon.', sound: SOUND, endless: first }),
    });
    const lost = answer(session, conversation('Hello').items, {
      onOutput: () => {
        first = false;
        server.dropAll();
      },
    });
    await expect(lost).rejects.toMatchObject({ stage: 'llm', code: 'disconnected' });
    expect((await answer(session, conversation('Hello').items, { messageId: 'second' })).text).toBe('It is noon.');
    expect(server.connections).toHaveLength(2);
  });

  it('asks again without a word when the connection was lost before the answer', async () => {
    let first = true;
    const { session, server } = await talking({
      intercept({ type }, end) {
        const drop = first && type === 'response.create';
        if (drop) end.drop();
        if (drop) first = false;
        return drop;
      },
    });
    expect((await answer(session, conversation('Hello').items)).text).toBe('It is noon.');
    expect(wordsAt(server)[0]).toBe('Hello');
  });

  it('gives up on a server that says nothing, and on one that stops', async () => {
    let hush = 'response.create';
    const { server } = await talking({
      reply: { text: 'It is', endless: true },
      intercept: ({ type }) => type === hush,
    });
    const impatient = { ...realtimeServerAt(server.baseUrl), timeouts: { firstByteMs: 150, stallMs: 150 } };
    const session = modelAt(impatient).open(null);
    onTestFinished(() => session.close());
    await expect(answer(session, conversation('Hello').items)).rejects.toMatchObject({ code: 'timeout' });
    hush = '';
    const stalled = answer(session, conversation('Hello').items, { messageId: 'second' });
    await expect(stalled).rejects.toMatchObject({ code: 'stalled' });
  });

  it('leaves a session before it expires', async () => {
    const { server, session } = await talking({
      intercept({ type, connection }, end) {
        if (type !== 'session.update' || connection > 1) return false;
        end.send({ type: 'session.created', session: { expires_at: Math.floor(Date.now() / 1000) + 30 } });
        return false;
      },
    });
    await answer(session, conversation('Hello').items);
    await answer(session, conversation('Hello').items, { messageId: 'second' });
    expect(server.connections).toHaveLength(2);
  });
});
