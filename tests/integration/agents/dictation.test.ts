/** A dictation: the words go to the clipboard, and nobody answers. */
import { expect, test } from 'vitest';
import { Dictation } from '../../../src-main/agents/dictation.ts';
import { converse } from '../../support/conversation.ts';
import { speech } from '../../support/speech.ts';

test('what is said is copied, and nobody answers: the log says why', async () => {
  const copied: string[] = [];
  const agent = new Dictation({ copy: (text) => copied.push(text) > 0 });
  const user = await converse({ agent, transcript: 'Dear Ada, it is done.' });
  const turn = await user.say(await speech('Dear Ada, it is done.'));

  expect(turn).toMatchObject({
    outcome: 'completed',
    user: 'Dear Ada, it is done.',
    reply: '',
    stopReason: 'Dictated: the words are on the clipboard.',
  });
  expect(copied).toEqual(['Dear Ada, it is done.']);
  expect(user.server.requests('llm')).toEqual([]);
  expect(user.server.requests('tts')).toEqual([]);
});

test('where nobody looks, nothing is said of a clipboard', async () => {
  const user = await converse({ agent: new Dictation({ copy: () => false }) });
  expect(await user.type('Dear Ada.')).toMatchObject({ outcome: 'completed', stopReason: 'Dictated.' });
});
