import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordingFetch } from '../../../src-main/audit/recording/recording-fetch.ts';
import { directFetch } from '../../../src-main/providers/openai/direct-fetch.ts';
import { inCall } from '../../../src-main/speech/call.ts';
import { type ProviderServer, startProviderServer } from '../../support/provider-server.ts';
import { chat, llmAt, QUESTION, serverAt, speak, speakerAt, transcribe, transcriberAt } from './calls.ts';

describe('a server of the OpenAI API', () => {
  let server: ProviderServer;
  const speech = Int16Array.from({ length: 12_345 }, (_, i) => (i * 7) % 3_000);
  beforeAll(async () => {
    server = await startProviderServer({ transcript: 'What time is it?', reply: 'It is noon.', speech });
  });
  afterAll(() => server.close());

  it('transcribes: words as they come, the exact sound, usage in tokens', async () => {
    const { events, usage } = await transcribe(transcriberAt(serverAt(server.baseUrl)), { prompt: 'Hello.' });
    expect(events.slice(0, -1).every(({ type }) => type === 'interim')).toBe(true);
    expect(events.length).toBeGreaterThan(2);
    expect(events.at(-1)).toEqual({ type: 'final', text: 'What time is it?' });
    const sent = server.requests('stt').at(-1);
    expect(sent?.audio?.samples).toEqual(QUESTION);
    expect(sent?.audio?.filename).toBe('speech.wav');
    expect(sent?.audio?.fields).toEqual({
      model: 'gpt-4o-mini-transcribe',
      language: 'en',
      prompt: 'Hello.',
      stream: 'true',
    });
    expect(usage).toMatchObject([
      { stage: 'stt', provider: 'openai', audioMs: 1_000, inputTokens: 10, inputAudioTokens: 10, outputTokens: 4 },
    ]);
    expect(usage[0]?.raw).toMatchObject({ type: 'tokens', total_tokens: 14 });
  });

  it('does not ask whisper-1 for a stream', async () => {
    const { events } = await transcribe(transcriberAt(serverAt(server.baseUrl), 'whisper-1'));
    expect(events).toEqual([{ type: 'final', text: 'What time is it?' }]);
    expect(server.requests('stt').at(-1)?.audio?.fields).not.toHaveProperty('stream');
  });

  it('fills up sound that is too short to be accepted', async () => {
    await transcribe(transcriberAt(serverAt(server.baseUrl)), { samples: QUESTION.slice(0, 480) });
    const sent = server.requests('stt').at(-1)?.audio?.samples;
    expect(sent).toHaveLength(2_400);
    expect(sent?.subarray(0, 480)).toEqual(QUESTION.subarray(0, 480));
  });

  it('answers as a stream, with usage', async () => {
    const { text, chunks, usage } = await chat(llmAt(serverAt(server.baseUrl), 'gpt-5-mini'));
    expect(text).toBe('It is noon.');
    expect(chunks.length).toBeGreaterThan(1);
    expect(server.requests('llm').at(-1)?.json).toEqual({
      model: 'gpt-5-mini',
      messages: [{ role: 'user', content: 'What time is it?' }],
      stream: true,
      stream_options: { include_usage: true },
      reasoning_effort: 'low',
    });
    expect(usage).toMatchObject([
      { stage: 'llm', model: 'gpt-5-mini', outputTokens: 11, raw: { completion_tokens: 11 } },
    ]);
  });

  it('speaks raw PCM, sample by sample', async () => {
    const { samples, rates, usage } = await speak(speakerAt(serverAt(server.baseUrl)));
    expect(Int16Array.from(samples)).toEqual(speech);
    expect(rates).toEqual([24_000]);
    expect(usage).toMatchObject([{ stage: 'tts', characters: 12, audioMs: 12_345 / 24 }]);
  });

  it('sends the key, or none at all', async () => {
    await chat(llmAt(serverAt(server.baseUrl)));
    expect(server.requests('llm').at(-1)?.headers.authorization).toBe('Bearer test-key');
    await chat(llmAt({ ...serverAt(server.baseUrl), apiKey: null }));
    expect(server.requests('llm').at(-1)?.headers).not.toHaveProperty('authorization');
  });

  it('ends with the reason when it is aborted in mid-answer, not as if complete', async () => {
    const abort = new AbortController();
    const stop = () => abort.abort(new Error('interrupted'));
    await expect(chat(llmAt(serverAt(server.baseUrl)), { signal: abort.signal, onText: stop })).rejects.toThrow(
      'interrupted',
    );
    await expect(
      transcribe(transcriberAt(serverAt(server.baseUrl)), { signal: AbortSignal.abort(new Error('gone')) }),
    ).rejects.toThrow('gone');
    const late = new AbortController();
    const run = speak(speakerAt(serverAt(server.baseUrl)), { signal: late.signal });
    late.abort(new Error('too late'));
    await expect(run).rejects.toThrow('too late');
  });
});

describe('connections', () => {
  let server: ProviderServer;
  beforeAll(async () => {
    server = await startProviderServer();
  });
  afterAll(() => server.close());

  it('are opened by warming, unseen by the recording fetch, and used by the request that follows', async () => {
    const seen: string[] = [];
    const watching: typeof fetch = (input, init) => {
      seen.push(init?.method ?? 'GET');
      return fetch(input, init);
    };
    const llm = llmAt({ ...serverAt(server.baseUrl), fetch: watching });
    llm.warm();
    llm.warm();
    while (server.requests().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    // The words are still being written when the first of them are spoken.
    await Promise.all([chat(llm), speak(speakerAt({ ...serverAt(server.baseUrl), fetch: watching }))]);
    expect(server.requests().map(({ method }) => method)).toEqual(['OPTIONS', 'OPTIONS', 'POST', 'POST']);
    const connections = server.requests().map(({ connection }) => connection);
    expect(connections.slice(0, 2).toSorted()).toEqual([1, 2]);
    expect(connections.slice(2).toSorted()).toEqual([1, 2]);
    expect(server.requests()[0]?.headers).not.toHaveProperty('authorization');
    expect(seen).toEqual(['POST', 'POST']);
  });

  it('are kept from call to call through the recording fetch', async () => {
    const recordingFetch = createRecordingFetch({ opened() {}, finished() {} }, directFetch);
    const recorded = { ...serverAt(server.baseUrl), fetch: recordingFetch };
    const before = server.requests().length;
    const inTurn = <T>(source: () => AsyncIterable<T>) => inCall({ turnId: 't', stage: 'llm' }, source);
    for (let i = 0; i < 3; i++) {
      const llm = llmAt(recorded);
      await chat({ ...llm, chat: (context, options) => inTurn(() => llm.chat(context, options)) });
      const transcriber = transcriberAt(recorded);
      await transcribe({ ...transcriber, transcribe: (...call) => inTurn(() => transcriber.transcribe(...call)) });
      const speaker = speakerAt(recorded);
      await speak({ ...speaker, speak: (...call) => inTurn(() => speaker.speak(...call)) });
    }
    const connections = server
      .requests()
      .slice(before)
      .map(({ connection }) => connection);
    expect(connections).toHaveLength(9);
    expect(new Set(connections).size).toBe(1);
  });

  it('never throws when there is nothing to warm', () => {
    llmAt(serverAt('http://127.0.0.1:9/v1')).warm();
    llmAt(serverAt('not an address')).warm();
  });
});
