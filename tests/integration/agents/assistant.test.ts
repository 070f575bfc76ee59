/** A conversation with the assistant: it remembers, and is told what the user wants it told. */
import { expect, test } from 'vitest';
import { assistant } from '../../../src-main/agents/assistant.ts';
import { converse } from '../../support/conversation.ts';
import { speech } from '../../support/speech.ts';

test('answers what it is asked, aloud, and remembers it', async () => {
  const user = await converse({ agent: assistant(null), transcript: 'My name is Ada.', reply: 'Hello Ada.' });
  const turn = await user.say(await speech('My name is Ada.'));
  expect(turn).toMatchObject({
    outcome: 'completed',
    user: 'My name is Ada.',
    reply: 'Hello Ada.',
    heard: 'Hello Ada.',
  });
  await user.type('What is my name?');
  expect(user.prompts[1]?.slice(1).map(({ content }) => content)).toEqual([
    'My name is Ada.',
    'Hello Ada.',
    'What is my name?',
  ]);
});

test('is told what the user wants it told instead of its own instructions', async () => {
  const user = await converse({ agent: assistant('Speak like a pirate.') });
  await user.type('Hello.');
  expect(user.prompts[0]?.[0]).toEqual({ role: 'system', content: 'Speak like a pirate.' });
});
