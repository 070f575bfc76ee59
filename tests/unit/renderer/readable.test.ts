import { describe, expect, test } from 'vitest';
import { readableRequest, readableResponse } from '../../../src-renderer/history/readable.ts';

describe('a request', () => {
  test('to a model: who says what, what it may call', () => {
    const call = { id: '1', type: 'function', function: { name: 'weather', arguments: '{"city":"Graz"}' } };
    const body = {
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'text', text: 'Look' }, { type: 'image_url' }] },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', content: 'rain', tool_call_id: '1' },
      ],
      tools: [{ type: 'function', function: { name: 'weather' } }],
    };
    expect(readableRequest(JSON.stringify(body))).toEqual({
      said: [
        { role: 'system', text: 'Be brief.', calls: [] },
        { role: 'user', text: 'Look\n[image_url]', calls: [] },
        { role: 'assistant', text: '', calls: [{ name: 'weather', arguments: '{"city":"Graz"}' }] },
        { role: 'tool', text: 'rain', calls: [] },
      ],
      tools: ['weather'],
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
    expect(readableResponse(stream)).toEqual({ said: [{ role: null, text: 'It rains.', calls }], tools: [] });
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
