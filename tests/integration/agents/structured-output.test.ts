/** Conversations with an agent that answers in JSON: only its words are heard and seen. */
import { expect, test } from 'vitest';
import { StructuredOutput } from '../../../src-main/agents/structured-output.ts';
import { converse } from '../../support/conversation.ts';

const ANSWER = 'It is noon in “Lisbon” already. 🙂 Go and eat.';

test('only the answer is spoken, shown and remembered; its directions go to the voice', async () => {
  const reply = JSON.stringify({ voice_instructions: 'Whisper.', response: ANSWER });
  const user = await converse({ agent: new StructuredOutput(), reply });
  const turn = await user.type('What time is it?');

  expect(turn).toMatchObject({ outcome: 'completed', reply: ANSWER, heard: ANSWER });
  expect(user.spoken.join(' ')).toBe(ANSWER);
  expect(user.server.requests('tts').map(({ json }) => json?.instructions)).toEqual(user.spoken.map(() => 'Whisper.'));
  await user.type('And now?');
  expect(user.prompts[1]?.filter(({ role }) => role === 'assistant').map(({ content }) => content)).toEqual([ANSWER]);
});

test('the model is asked for JSON of that shape', async () => {
  const user = await converse({ agent: new StructuredOutput(), reply: '{"voice_instructions":"","response":"Yes."}' });
  await user.type('Are you there?');
  expect(user.server.requests('llm')[0]?.json?.response_format).toMatchObject({
    type: 'json_schema',
    json_schema: { schema: { required: ['voice_instructions', 'response'] } },
  });
});

test('the first words are spoken while the rest is still being written', async () => {
  const sentences = Array.from({ length: 40 }, (_, index) => `This is sentence number ${index}.`).join(' ');
  const reply = JSON.stringify({ voice_instructions: 'Calm.', response: sentences });
  const user = await converse({ agent: new StructuredOutput(), reply, latencies: { tokensPerSecond: 400 } });
  await user.type('Count.');
  const types = user.events.map(({ type }) => type);
  expect(types.indexOf('agent_audio_generated')).toBeLessThan(types.lastIndexOf('agent_text_generated'));
});

test('a model that answers in prose is understood all the same', async () => {
  const user = await converse({ agent: new StructuredOutput(), reply: 'Just prose. Nothing else.' });
  expect(await user.type('Hello?')).toMatchObject({ outcome: 'completed', reply: 'Just prose. Nothing else.' });
  expect(user.spoken.join(' ')).toBe('Just prose. Nothing else.');
});

test.each([
  ['in a fence', '```json\n{"voice_instructions":"Loud.","response":"Here I am."}\n```', 'Here I am.'],
  ['in a fence in capitals', '``` JSON\n{"voice_instructions":"Loud.","response":"Here I am."}\n```', 'Here I am.'],
  [
    'after a sentence',
    'Of course.\n```json\n{"voice_instructions":"Loud.","response":"Here I am."}\n```',
    'Of course.\nHere I am.',
  ],
  ['with line breaks in a string', '{"voice_instructions":"Loud.","response":"Here\nI am."}', 'Here\nI am.'],
  ['with escapes of its own', `{"voice_instructions":"Loud.","response":"I\\'m \\here."}`, "I'm here."],
])('JSON %s is read as JSON', async (_, reply, words) => {
  const user = await converse({ agent: new StructuredOutput(), reply });
  expect(await user.type('Hello?')).toMatchObject({ outcome: 'completed', reply: words });
  expect(user.spoken.join('\n')).toBe(words);
});

test('prose with code and braces in it is read to its end', async () => {
  const reply = 'Write `{name}`, {place} or {"a": 1}. Or end with {';
  const user = await converse({ agent: new StructuredOutput(), reply });
  expect(await user.type('How?')).toMatchObject({ outcome: 'completed', reply });
});

test('JSON without words fails the turn, and the next turn works', async () => {
  const replies = ['{"voice_instructions":"Loud.","answer":7}', '{"voice_instructions":"Loud.","response":"Yes."}'];
  const user = await converse({ agent: new StructuredOutput(), reply: () => replies.shift() ?? '' });
  expect(await user.type('Hello?')).toMatchObject({ outcome: 'failed', error: { code: 'answer-wordless' } });
  expect(await user.type('Hello?')).toMatchObject({ outcome: 'completed', reply: 'Yes.' });
});
