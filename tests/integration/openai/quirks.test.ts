import { afterEach, describe, expect, it } from 'vitest';
import { type RawRequest, type RawServer, sendParts, startRawServer } from '../../support/raw-server.ts';
import { chat, llmAt, serverAt, transcribe, transcriberAt } from './calls.ts';

type Parts = readonly (string | Uint8Array)[];

let server: RawServer;
afterEach(() => server.close());

/** A server that gives every request the same answer, in these parts. */
async function answering(contentType: string | null, ...parts: Parts): Promise<void> {
  server = await startRawServer((_, response) => sendParts(response, contentType, parts));
}

const chunk = (delta: object | null, rest: object = {}) =>
  `data: ${JSON.stringify({ choices: delta ? [{ index: 0, delta }] : [], ...rest })}\n\n`;
const finished = (reason: string) => `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: reason }] })}\n\n`;
const SSE = 'text/event-stream';

describe('answers of compatible servers', () => {
  const ask = () => chat(llmAt(serverAt(server.baseUrl)));

  it.each<[string, string | null, Parts]>([
    ['no [DONE]', SSE, [chunk({ content: 'It is ' }), chunk({ content: 'noon.' })]],
    [
      'comments and pings',
      SSE,
      [
        ': ping\n\n',
        chunk({ content: 'It is ' }),
        ': OPENROUTER PROCESSING\n\n',
        'event: ping\ndata: {}\n\n',
        chunk({ content: 'noon.' }),
        'data: [DONE]\n\n',
      ],
    ],
    [
      'empty choices, null deltas, roles',
      SSE,
      [
        chunk(null),
        chunk({ role: 'assistant', content: null }),
        chunk({ content: 'It is noon.' }),
        chunk({}),
        'data: [DONE]\n\n',
      ],
    ],
    [
      'reasoning beside the words',
      SSE,
      [chunk({ reasoning_content: 'Hmm.' }), chunk({ content: 'It is noon.' }), 'data: [DONE]\n\n'],
    ],
    ['reasoning called that', SSE, [chunk({ reasoning: 'Hmm.' }), chunk({ content: 'It is noon.' })]],
    [
      'thoughts among the words',
      SSE,
      [chunk({ content: '<thi' }), chunk({ content: 'nk>\nHmm. <b></thin' }), chunk({ content: 'k>\n\nIt is noon.' })],
    ],
    [
      'thoughts twice, one of them empty',
      SSE,
      [chunk({ content: '<think></think><thinking>Hmm.</thinking>' }), chunk({ content: ' It is noon.' })],
    ],
    [
      'no space after data:, and names of events',
      SSE,
      [`event: chunk\n${chunk({ content: 'It is noon.' }).replace(' ', '')}`],
    ],
    ['no blank line at the end', SSE, [chunk({ content: 'It is ' }), chunk({ content: 'noon.' }).trimEnd()]],
    [
      'a null delta, null choices',
      SSE,
      ['data: {"choices":[{"delta":null}]}\n\ndata: {"choices":null}\n\n', chunk({ content: 'It is noon.' })],
    ],
    [
      'words in parts',
      SSE,
      [
        chunk({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hmm.' }] }] }),
        chunk({
          content: [
            { type: 'text', text: 'It is ' },
            { type: 'text', text: 'noon.' },
          ],
        }),
      ],
    ],
    ['words cut off for their length', SSE, [chunk({ content: 'It is noon.' }), finished('length')]],
    ['Windows line ends', SSE, [chunk({ content: 'It is noon.' }).replaceAll('\n', '\r\n'), 'data: [DONE]\r\n\r\n']],
    ['a wrong MIME type', 'text/plain', [chunk({ content: 'It is noon.' }), 'data: [DONE]\n\n']],
    ['JSON for its MIME type', 'application/json', [chunk({ content: 'It is noon.' }), 'data: [DONE]\n\n']],
    ['no MIME type', null, [chunk({ content: 'It is noon.' }), 'data: [DONE]\n\n']],
    [
      'JSON instead of a stream',
      'application/json',
      [JSON.stringify({ choices: [{ message: { role: 'assistant', content: 'It is noon.' } }] })],
    ],
    [
      'JSON instead of a stream, called a stream',
      SSE,
      ['\n', JSON.stringify({ choices: [{ message: { content: 'It is noon.' } }] })],
    ],
    [
      'events split anywhere',
      SSE,
      [...(chunk({ content: 'It is ' }) + chunk({ content: 'noon.' }))].map((letter) => letter),
    ],
  ])('%s', async (_, contentType, parts) => {
    await answering(contentType, ...parts);
    expect((await ask()).text).toBe('It is noon.');
  });

  it('splits characters between pieces without harm', async () => {
    const bytes = Buffer.from(chunk({ content: 'Grüße, 你好 👋' }));
    await answering(SSE, ...Array.from(bytes, (_, i) => bytes.subarray(i, i + 1)));
    expect((await ask()).text).toBe('Grüße, 你好 👋');
  });

  it.each<[string, object, object]>([
    ['none', {}, { raw: null }],
    ['null', { usage: null }, { raw: null }],
    [
      'zeros',
      { usage: { prompt_tokens: 0, completion_tokens: 0 } },
      { raw: { prompt_tokens: 0, completion_tokens: 0 } },
    ],
    [
      'all of it',
      {
        usage: {
          prompt_tokens: 9,
          completion_tokens: 5,
          prompt_tokens_details: { cached_tokens: 4 },
          completion_tokens_details: { reasoning_tokens: 2 },
        },
      },
      { inputTokens: 9, cachedInputTokens: 4, outputTokens: 5, reasoningTokens: 2 },
    ],
  ])('usage: %s', async (_, usage, expected) => {
    await answering(SSE, chunk({ content: 'It is noon.' }), chunk(null, usage), 'data: [DONE]\n\n');
    const reported = (await ask()).usage;
    expect(reported).toMatchObject([{ stage: 'llm', ...expected }]);
    if (!('inputTokens' in expected)) expect(reported[0]).not.toHaveProperty('inputTokens');
  });

  it.each<[string, Parts]>([
    ['beside the words', [chunk({ reasoning_content: 'Hmm, ' }), chunk({ reasoning_content: 'so < 12.' })]],
    ['beside them, by another name', [chunk({ reasoning: 'Hmm, so < 12.' })]],
    ['among them, cut anywhere', [...'<think>Hmm, so < 12.</think>'].map((content) => chunk({ content }))],
    ['among them, twice', [chunk({ content: '<think>Hmm, </think>\n<thinking>so < 12.</thinking>' })]],
  ])('thoughts %s are told apart from what is said', async (_, parts) => {
    await answering(SSE, ...parts, chunk({ content: 'It is noon.' }));
    expect(await ask()).toMatchObject({ text: 'It is noon.', thought: 'Hmm, so < 12.' });
  });

  it('words that only look like the beginning of a thought are words', async () => {
    await answering(SSE, chunk({ content: '<thi' }));
    expect((await ask()).text).toBe('<thi');
    await server.close();
    await answering(SSE, chunk({ content: 'Write <think> first.' }));
    expect((await ask()).text).toBe('Write <think> first.');
  });

  it.each<[string, Parts]>([
    [
      'in every chunk',
      [chunk({ content: 'a' }, { usage: { prompt_tokens: 9 } }), chunk({}, { usage: { prompt_tokens: 9 } })],
    ],
    ['in an envelope', [chunk({ content: 'a' }), chunk({}, { x_groq: { usage: { prompt_tokens: 9 } } })]],
  ])('usage %s', async (_, parts) => {
    await answering(SSE, ...parts);
    expect((await ask()).usage).toMatchObject([{ inputTokens: 9 }]);
  });

  it.each<[string, string, string]>([
    ['a string', SSE, 'data: {"error":"out of memory"}\n\n'],
    ['an event of its own', SSE, 'event: error\ndata: {"message":"out of memory"}\n\n'],
    ['an object called error', SSE, 'data: {"object":"error","message":"out of memory","code":500}\n\n'],
    ['a detail', 'application/json', '{"detail":"out of memory"}'],
    ['fields at fault', 'application/json', '{"detail":[{"loc":["body","model"],"msg":"out of memory"}]}'],
  ])('an error as %s is a failure with its words', async (_, contentType, part) => {
    await answering(contentType, part);
    await expect(ask()).rejects.toMatchObject({
      code: 'server-failed',
      message: expect.stringMatching(/: (body\.model: )?out of memory$/),
    });
  });

  it('an error object in mid-stream is a failure with its words', async () => {
    await answering(
      SSE,
      chunk({ content: 'It is ' }),
      `data: ${JSON.stringify({ error: { message: 'out of memory' } })}\n\n`,
    );
    await expect(ask()).rejects.toMatchObject({
      code: 'server-failed',
      message: expect.stringContaining('out of memory'),
    });
  });

  it('an error object with a status of 200 is a failure with its words', async () => {
    await answering('application/json', JSON.stringify({ error: 'model is loading' }));
    await expect(ask()).rejects.toMatchObject({
      code: 'server-failed',
      message: expect.stringContaining('model is loading'),
    });
  });

  it.each<[string, string, Parts, string]>([
    ['a web page', 'text/html', ['<!doctype html><title>Log in</title>'], 'malformed-answer'],
    ['a broken event', SSE, [chunk({ content: 'It is' }), 'data: {"choices": [\n\n'], 'malformed-answer'],
    ['words', 'text/plain', ['It is noon.'], 'malformed-answer'],
    ['no words at all', SSE, [chunk({ role: 'assistant' }), 'data: [DONE]\n\n'], 'empty-answer'],
    ['nothing', SSE, [], 'empty-answer'],
    ['an empty body', 'application/json', [], 'malformed-answer'],
    [
      'one document a line',
      'application/x-ndjson',
      ['{"message":{"content":"It"}}\n', '{"done":true}\n'],
      'malformed-answer',
    ],
    ['a document of another form', 'application/json', ['{"message":{"content":"It is noon."}}'], 'malformed-answer'],
    ['thoughts alone', SSE, [chunk({ content: '<think>Hmm.</think>' }), 'data: [DONE]\n\n'], 'empty-answer'],
    ['thoughts without an end', SSE, [chunk({ content: '<think>Hmm.' }), finished('length')], 'empty-answer'],
    ['words that were withheld', SSE, [finished('content_filter')], 'answer-refused'],
    ['a refusal', SSE, [chunk({ refusal: 'I can’t ' }), chunk({ refusal: 'say.' })], 'answer-refused'],
  ])('%s is a failure', async (_, contentType, parts, code) => {
    await answering(contentType, ...parts);
    await expect(ask()).rejects.toMatchObject({ stage: 'llm', code });
  });

  it('an answer in a form of the server’s own says which address to set', async () => {
    await answering('application/x-ndjson', '{"message":{"content":"It"},"done":false}\n{"done":true}\n');
    await expect(ask()).rejects.toMatchObject({
      message: expect.stringContaining('one JSON document a line'),
      hint: expect.stringContaining('http://127.0.0.1:11434/v1'),
    });
  });

  it('parameters that a server refuses are left out, and not offered again', async () => {
    server = await startRawServer((request, response) => {
      const refused = ['reasoning_effort', 'stream_options'].find((name) => request.body.includes(name));
      if (!refused) return sendParts(response, SSE, [chunk({ content: 'It is noon.' })]);
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `Unknown parameter: ${refused}` } }));
    });
    const llm = llmAt(serverAt(server.baseUrl), 'gpt-5-mini');
    expect((await chat(llm)).text).toBe('It is noon.');
    expect(server.requests).toHaveLength(3);
    await chat(llm);
    expect(server.requests).toHaveLength(4);
  });

  it.each([
    ['', ''],
    ['/', ''],
    [' ', ''],
    ['/ ', ''],
    ['?api-version=1', '?api-version=1'],
  ])('an address that ends in “%s”', async (end, query) => {
    await answering(SSE, chunk({ content: 'It is noon.' }));
    await chat(llmAt(serverAt(`${server.baseUrl}${end}`)));
    expect(server.requests[0]?.path).toBe(`/v1/chat/completions${query}`);
  });
});

describe('transcripts of compatible servers', () => {
  const ask = () => transcribe(transcriberAt(serverAt(server.baseUrl)));
  const event = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
  const asksForStream = ({ body }: RawRequest) => body.includes('name="stream"');

  it.each<[string, string, Parts]>([
    ['plain text with stray spaces', 'text/plain; charset=utf-8', [' What time is it?\n']],
    ['JSON', 'application/json', [JSON.stringify({ text: ' What time is it? ' })]],
    ['JSON called text', 'text/plain', [JSON.stringify({ text: 'What time is it?' })]],
    [
      'verbose JSON',
      'application/json',
      [JSON.stringify({ duration: 1, text: 'What time is it?', segments: [{ text: 'x' }] })],
    ],
    ['a JSON string', 'application/json', [JSON.stringify('What time is it?')]],
    [
      'SubRip',
      'text/plain',
      ['1\n00:00:00,000 --> 00:00:01,000\nWhat time\n\n2\n00:00:01,000 --> 00:00:02,000\nis\nit?\n'],
    ],
    [
      'WebVTT',
      'text/vtt',
      ['WEBVTT\r\n\r\nNOTE x\r\n\r\n00:00.000 --> 00:01.000 align:start\r\n<v A>What time is it?\r\n\r\n'],
    ],
    [
      'a stream of chat chunks',
      SSE,
      [chunk({ content: 'What time ' }), chunk({ content: 'is it?' }), 'data: [DONE]\n\n'],
    ],
    [
      'a stream without a last event',
      SSE,
      [
        event({ type: 'transcript.text.delta', delta: 'What time ' }),
        event({ type: 'transcript.text.delta', delta: 'is it?' }),
      ],
    ],
    ['a stream of segments', SSE, [event({ text: ' What time' }), event({ text: ' is it?' })]],
    [
      'a stream that ends with the whole',
      SSE,
      [
        event({ type: 'transcript.text.delta', delta: 'What' }),
        ': ping\n\n',
        event({ type: 'transcript.text.done', text: 'What time is it?' }),
        'data: [DONE]\n\n',
      ],
    ],
  ])('%s', async (_, contentType, parts) => {
    await answering(contentType, ...parts);
    const { events } = await ask();
    expect(events.at(-1)).toEqual({ type: 'final', text: 'What time is it?' });
    expect(events.filter(({ type }) => type === 'final')).toHaveLength(1);
  });

  it.each([
    ['application/json', JSON.stringify({ text: '' })],
    ['application/json', JSON.stringify({ text: ' [BLANK_AUDIO]\n' })],
    ['text/plain', '\n'],
  ])('nothing heard is an empty transcript: %s %j', async (contentType, body) => {
    await answering(contentType, body);
    expect((await ask()).events).toEqual([{ type: 'final', text: '' }]);
  });

  it('words in brackets are words, and in the letters that the server names', async () => {
    await answering('text/plain; charset=iso-8859-1', Buffer.from('[Musik] Grüße', 'latin1'));
    expect((await ask()).text).toBe('[Musik] Grüße');
  });

  it('a server without streams is asked for one only once: it answers with JSON', async () => {
    await answering('application/json', JSON.stringify({ text: 'word', usage: { type: 'duration', seconds: 1 } }));
    const transcriber = transcriberAt(serverAt(server.baseUrl));
    const { usage } = await transcribe(transcriber);
    expect(usage).toMatchObject([{ audioMs: 1_000, raw: { type: 'duration', seconds: 1 } }]);
    await transcribe(transcriber);
    expect(server.requests.map(asksForStream)).toEqual([true, false]);
  });

  it('a server without streams is asked for one only once: it refuses', async () => {
    server = await startRawServer((request, response) => {
      if (!asksForStream(request)) return sendParts(response, 'application/json', [JSON.stringify({ text: 'word' })]);
      response.writeHead(400).end('{"detail":"unexpected field: stream"}');
    });
    const transcriber = transcriberAt(serverAt(server.baseUrl));
    expect((await transcribe(transcriber, { prompt: 'before' })).text).toBe('word');
    await transcribe(transcriber, { prompt: 'before' });
    expect(server.requests.map(asksForStream)).toEqual([true, false, false]);
    expect(server.requests.every(({ body }) => body.includes('name="prompt"'))).toBe(true);
  });

  it('a stream that can not be read is asked for only once', async () => {
    server = await startRawServer((request, response) =>
      asksForStream(request)
        ? sendParts(response, SSE, ['data: What time\n\n'])
        : sendParts(response, 'application/json', ['{"text":"word"}']),
    );
    const transcriber = transcriberAt(serverAt(server.baseUrl));
    expect((await transcribe(transcriber)).text).toBe('word');
    await transcribe(transcriber);
    expect(server.requests.map(asksForStream)).toEqual([true, false, false]);
  });

  it.each<[string, string, Parts, string]>([
    ['JSON without a text', 'application/json', ['{"result":"word"}'], 'malformed-answer'],
    ['a web page', 'text/html', ['<!doctype html><title>Log in</title>'], 'malformed-answer'],
    ['a stream without a text', SSE, ['data: {"type":"x"}\n\n', 'data: [DONE]\n\n'], 'malformed-answer'],
    ['an error among the events', SSE, [event({ type: 'error', message: 'out of memory' })], 'server-failed'],
  ])('%s is a failure', async (_, contentType, parts, code) => {
    await answering(contentType, ...parts);
    await expect(ask()).rejects.toMatchObject({ stage: 'stt', code });
  });
});
