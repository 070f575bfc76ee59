import { afterEach, describe, expect, it } from 'vitest';
import { encodePcm, encodeWav, encodeWavHeader } from '../../../src-main/audio/wav.ts';
import { type RawRequest, type RawServer, sendParts, startRawServer } from '../../support/raw-server.ts';
import { chat, llmAt, serverAt, speak, speakerAt, transcribe, transcriberAt } from './calls.ts';

type Parts = readonly (string | Uint8Array)[];

let server: RawServer;
afterEach(() => server.close());

/** A server that gives every request the same answer, in these parts. */
async function answering(contentType: string | null, ...parts: Parts): Promise<void> {
  server = await startRawServer((_, response) => sendParts(response, contentType, parts));
}

const chunk = (delta: object | null, rest: object = {}) =>
  `data: ${JSON.stringify({ choices: delta ? [{ index: 0, delta }] : [], ...rest })}\n\n`;
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
    ['a refusal', SSE, [chunk({ refusal: 'I can’t ' }), chunk({ refusal: 'say.' })], 'answer-refused'],
  ])('%s is a failure', async (_, contentType, parts, code) => {
    await answering(contentType, ...parts);
    await expect(ask()).rejects.toMatchObject({ stage: 'llm', code });
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

  it('an address without a final slash, or with one', async () => {
    await answering(SSE, chunk({ content: 'It is noon.' }));
    await chat(llmAt(serverAt(`${server.baseUrl}/`)));
    expect(server.requests[0]?.path).toBe('/v1/chat/completions');
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

  it('nothing heard is an empty transcript', async () => {
    await answering('application/json', JSON.stringify({ text: '' }));
    expect((await ask()).events).toEqual([{ type: 'final', text: '' }]);
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

  it('JSON without a text is a failure', async () => {
    await answering('application/json', JSON.stringify({ result: 'word' }));
    await expect(ask()).rejects.toMatchObject({ stage: 'stt', code: 'malformed-answer' });
  });
});

describe('speech of compatible servers', () => {
  const sound = Int16Array.from({ length: 3_000 }, (_, i) => ((i * 31) % 4_000) - 2_000);
  const ask = (sampleRate?: number) => speak(speakerAt(serverAt(server.baseUrl), sampleRate));
  const split = (bytes: Uint8Array, size: number) =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  const halfSample = () => encodeWavHeader({ sampleRate: 16_000, channels: 1, dataBytes: sound.byteLength + 1 });
  const placeholder = (channels = 1) => encodeWavHeader({ sampleRate: 16_000, channels, dataBytes: null });
  const stereo = Int16Array.from({ length: 6_000 }, (_, i) => (sound[i >> 1] ?? 0) + (i % 2 ? 10 : -10));

  it.each<[string, string, Parts, number]>([
    ['pieces split in mid-sample', 'audio/pcm', split(encodePcm(sound), 333), 24_000],
    ['a wrong MIME type', 'audio/mpeg', [encodePcm(sound)], 24_000],
    ['a rate in the MIME type', 'audio/pcm; rate=16000', [encodePcm(sound)], 16_000],
    ['a WAV file in spite of the question', 'audio/pcm', [encodeWav(sound, 22_050)], 22_050],
    ['a WAV file in small pieces', 'audio/wav', split(encodeWav(sound, 16_000), 7), 16_000],
    ['a WAV file with placeholder lengths', 'audio/wav', [placeholder(), ...split(encodePcm(sound), 501)], 16_000],
    [
      'a WAV file with something behind the sound',
      'audio/wav',
      [encodeWav(sound, 16_000), 'LIST\x04\0\0\0abcd'],
      16_000,
    ],
    [
      'a WAV file that claims half a sample',
      'audio/wav',
      [Buffer.concat([halfSample(), encodePcm(sound), Buffer.from('LIST')])],
      16_000,
    ],
    ['two channels', 'audio/wav', [placeholder(2), ...split(encodePcm(stereo), 123)], 16_000],
    ['half a sample too much', 'application/octet-stream', [encodePcm(sound), new Uint8Array([1])], 24_000],
  ])('%s', async (_, contentType, parts, rate) => {
    await answering(contentType, ...parts);
    const { samples, rates } = await ask();
    expect(Int16Array.from(samples)).toEqual(sound);
    expect(rates).toEqual([rate]);
  });

  it('plays raw PCM at the rate in the settings', async () => {
    await answering('audio/pcm', encodePcm(sound));
    expect((await ask(22_050)).rates).toEqual([22_050]);
  });

  it('lets the first bytes be heard before the rest has come', async () => {
    let more = () => {};
    server = await startRawServer((_, response) => {
      response.writeHead(200, { 'content-type': 'audio/pcm' }).write(encodePcm(sound));
      more = () => response.end(encodePcm(sound));
    });
    let heard = 0;
    const { samples } = await speak(speakerAt(serverAt(server.baseUrl)), {
      onSound: () => {
        if (heard++ === 0) more();
      },
    });
    expect(samples).toHaveLength(6_000);
  });

  it('asks for a WAV file where raw PCM is refused, and then always', async () => {
    server = await startRawServer((request, response) => {
      if (request.body.includes('"wav"')) return sendParts(response, 'audio/wav', [encodeWav(sound, 16_000)]);
      response.writeHead(422).end('{"detail":"response_format must be mp3 or wav"}');
    });
    const speaker = speakerAt(serverAt(server.baseUrl));
    expect((await speak(speaker)).samples).toHaveLength(3_000);
    await speak(speaker);
    expect(server.requests).toHaveLength(3);
  });

  it.each<[string, string, Parts, string]>([
    ['MP3', 'audio/mpeg', [new Uint8Array([0xff, 0xfb, 0x90, 0x64, 0, 0])], 'malformed-answer'],
    ['MP3 with a tag', 'application/octet-stream', ['ID3\x03\0\0\0\0\0\0'], 'malformed-answer'],
    ['Ogg', 'audio/ogg', ['OggS\0\x02\0\0'], 'malformed-answer'],
    ['JSON', 'application/json', ['{"error":"no such voice"}'], 'malformed-answer'],
    ['a float WAV file', 'audio/wav', [floatWav()], 'malformed-answer'],
    ['nothing', 'audio/pcm', [], 'empty-answer'],
  ])('%s is a failure that names it', async (_, contentType, parts, code) => {
    await answering(contentType, ...parts);
    await expect(ask()).rejects.toMatchObject({ stage: 'tts', code });
  });

  function floatWav(): Uint8Array {
    const header = encodeWavHeader({ sampleRate: 16_000, channels: 1, dataBytes: 8 });
    new DataView(header.buffer).setUint16(20, 3, true);
    return header;
  }
});
