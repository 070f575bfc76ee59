import { describe, expect, test } from 'vitest';
import { readableRequest, readableResponse } from '../../../src-renderer/history/readable.ts';

describe('a request', () => {
  test('to a model: who says what, what it may call', () => {
    const call = { id: '1', type: 'function', function: { name: 'weather', arguments: '{"city":"Graz"}' } };
    const body = {
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
            { type: 'image_url', image_url: { url: 'https://pictures.test/1' } },
            { type: 'input_audio', input_audio: { data: 'AA==' } },
          ],
        },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', content: 'rain', tool_call_id: '1' },
      ],
      tools: [{ type: 'function', function: { name: 'weather' } }],
    };
    expect(readableRequest(JSON.stringify(body))).toEqual({
      said: [
        { role: 'system', text: 'Be brief.', calls: [], images: [] },
        {
          role: 'user',
          text: 'Look\nhttps://pictures.test/1\n[input_audio]',
          calls: [],
          images: ['data:image/png;base64,AA=='],
        },
        { role: 'assistant', text: '', calls: [{ name: 'weather', arguments: '{"city":"Graz"}' }], images: [] },
        { role: 'tool', text: 'rain', calls: [], images: [] },
      ],
      tools: ['weather'],
      sounds: 0,
    });
  });

  test('to a voice: what it shall say', () => {
    expect(readableRequest('{"model":"m","input":"Hello."}')?.said[0]?.text).toBe('Hello.');
  });

  test.each(['', 'no json', '[]', '7', '{"messages":7}'])('that is none of these is shown raw: %s', (text) => {
    expect(readableRequest(text)).toBeNull();
  });
});

describe('an answer', () => {
  const event = (delta: unknown) => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;

  test('that streams words and calls is put together', () => {
    const part = (more: object) => event({ tool_calls: [{ index: 0, ...more }] });
    const stream = [
      event({ role: 'assistant', content: 'It ' }),
      event({ content: 'rains.' }),
      part({ id: '1', function: { name: 'weather', arguments: '{"ci' } }),
      part({ function: { arguments: 'ty":1}' } }),
      'data: [DONE]\n\n',
    ].join('');
    const calls = [{ name: 'weather', arguments: '{"city":1}' }];
    const said = { role: null, text: 'It rains.', calls, images: [] };
    expect(readableResponse(stream)).toEqual({ said: [said], tools: [], sounds: 0 });
  });

  test('that streams a transcription: the whole of it, once', () => {
    const stream =
      'data: {"type":"transcript.text.delta","delta":"He"}\n\ndata: {"type":"transcript.text.done","text":"Hello"}\n\n';
    expect(readableResponse(stream)?.said[0]?.text).toBe('Hello');
  });

  test.each([
    ['{"text":"Hello"}', 'Hello'],
    ['{"choices":[{"message":{"role":"assistant","content":"Yes"}}]}', 'Yes'],
    ['{"error":{"message":"Too busy"}}', 'Too busy'],
  ])('in JSON: %s', (text, said) => {
    expect(readableResponse(text)?.said[0]?.text).toBe(said);
  });

  test.each(['', '<html>', '{}', 'data: nonsense'])('that is none of these is shown raw: %s', (text) => {
    expect(readableResponse(text)).toBeNull();
  });
});

describe('a realtime connection', () => {
  const lines = (...messages: object[]) => messages.map((message) => `${JSON.stringify(message)}\n`).join('');

  test('what went out: instructions, tools, words, results; sound by the number of its pieces', () => {
    const sent = lines(
      {
        type: 'session.update',
        session: { instructions: 'Be brief.', tools: [{ type: 'function', name: 'weather' }] },
      },
      { type: 'input_audio_buffer.append', audio: 'AAAA' },
      { type: 'input_audio_buffer.append', audio: 'AAAA' },
      { type: 'input_audio_buffer.commit' },
      {
        type: 'conversation.item.create',
        item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
      },
      { type: 'conversation.item.create', item: { type: 'function_call_output', call_id: '1', output: 'rain' } },
    );
    expect(readableRequest(sent)).toEqual({
      said: [
        { role: 'system', text: 'Be brief.', calls: [], images: [] },
        { role: 'user', text: 'Hello', calls: [], images: [] },
        { role: 'tool', text: 'rain', calls: [], images: [] },
      ],
      tools: ['weather'],
      sounds: 2,
    });
  });

  test('what came back: both transcripts whole, calls, sound', () => {
    const received = lines(
      { type: 'conversation.item.input_audio_transcription.completed', transcript: 'How is Graz?' },
      { type: 'response.output_audio_transcript.delta', delta: 'It ' },
      { type: 'response.output_audio.delta', delta: 'AAAA' },
      { type: 'response.output_audio_transcript.done', transcript: 'It rains.' },
      { type: 'response.output_item.done', item: { type: 'message', content: [] } },
      { type: 'response.output_item.done', item: { type: 'function_call', name: 'weather', arguments: '{}' } },
      { type: 'error', error: { message: 'Too busy' } },
    );
    expect(readableResponse(received)).toEqual({
      said: [
        { role: 'user', text: 'How is Graz?', calls: [], images: [] },
        { role: 'assistant', text: 'It rains.', calls: [], images: [] },
        { role: 'assistant', text: '', calls: [{ name: 'weather', arguments: '{}' }], images: [] },
        { role: null, text: 'Too busy', calls: [], images: [] },
      ],
      tools: [],
      sounds: 1,
    });
  });

  test('one message alone is read too, and lines of something else are not', () => {
    expect(readableResponse(lines({ type: 'error', error: { message: 'No' } }))?.said[0]?.text).toBe('No');
    expect(readableResponse('{"type":"error"}\nnot a message')).toBeNull();
  });
});

describe('what a model thought', () => {
  const thought = { role: 'thinking', text: 'Nine is odd.', calls: [], images: [] };
  const answer = { role: 'assistant', text: 'Nine.', calls: [], images: [] };

  test.each(['reasoning_content', 'reasoning'])('kept apart as %s, in a stream or whole', (field) => {
    const deltas = [{ [field]: 'Nine is ' }, { [field]: 'odd.' }, { content: 'Nine.' }];
    const stream = deltas.map((delta) => `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`).join('');
    expect(readableResponse(stream)?.said).toEqual([thought, answer]);
    const message = { role: 'assistant', content: 'Nine.', [field]: 'Nine is odd.' };
    expect(readableResponse(JSON.stringify({ choices: [{ message }] }))?.said).toEqual([thought, answer]);
  });
});
