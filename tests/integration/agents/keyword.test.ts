/** Conversations with an agent that acts on what it hears while the key is still down. */
import { expect, test } from 'vitest';
import { Keyword } from '../../../src-main/agents/keyword.ts';
import { concatSamples } from '../../../src-main/audio/frame.ts';
import { converse } from '../../support/conversation.ts';
import { quiet, speech } from '../../support/speech.ts';

const question = concatSamples([await speech('What is the weather like in Berlin today?'), quiet(800)]);

test('“over” sends what was said while the key is still down, and the model never sees the word', async () => {
  const user = await converse({ agent: new Keyword(), transcript: 'What is the weather? Over.', reply: 'It rains.' });
  const turnId = user.press();
  user.speak(question);
  expect(await user.outcome(turnId)).toMatchObject({
    outcome: 'completed',
    user: 'What is the weather?',
    reply: 'It rains.',
  });
  expect(user.prompts[0]?.at(-1)).toMatchObject({ role: 'user', content: 'What is the weather?' });
});

test('“never mind” drops what was said: no model is asked', async () => {
  const user = await converse({ agent: new Keyword(), transcript: 'What is the, never mind.' });
  const turnId = user.press();
  user.speak(question);
  expect(await user.outcome(turnId)).toMatchObject({ outcome: 'cancelled', error: null });
  expect(user.prompts).toEqual([]);
});

test('“never mind” said with a pause between the words drops what was said, too', async () => {
  const words = ['It is the – Never…', 'MIND!'];
  const user = await converse({ agent: new Keyword(), transcript: () => words.shift() ?? '' });
  expect(await user.say(concatSamples([question, question]))).toMatchObject({ outcome: 'cancelled' });
  expect(user.prompts).toEqual([]);
});

test.each([
  ['It rains “OVER”?', 'It rains'],
  ['It rains, over, and out…', 'It rains'],
])('“%s” is sent however it is written', async (transcript, sent) => {
  const user = await converse({ agent: new Keyword(), transcript });
  const turnId = user.press();
  user.speak(question);
  expect(await user.outcome(turnId)).toMatchObject({ outcome: 'completed', user: sent });
});

test.each(['Die Gemälde sind größover', 'A push-over'])('“%s” does not end with “over”', async (transcript) => {
  const user = await converse({ agent: new Keyword(), transcript });
  expect(await user.say(question)).toMatchObject({ outcome: 'completed', user: transcript });
});

test('after the release “never mind” still counts, and a word that contains “over” does not', async () => {
  const words = ['Never mind.', 'It is cold, moreover.'];
  const user = await converse({ agent: new Keyword(), transcript: () => words.shift() ?? '', reply: 'Yes.' });
  expect(await user.say(question)).toMatchObject({ outcome: 'cancelled' });
  const turnId = user.press();
  user.speak(question);
  await user.until(() => user.eventsOf('user_input_transcribed', turnId)[0]);
  expect(user.session.state.phase).toBe('recording');
  user.release();
  expect(await user.outcome(turnId)).toMatchObject({ outcome: 'completed', user: 'It is cold, moreover.' });
});

test.each(['Never mind.', 'It rains. Over.'])(
  '“%s” that is recognised late leaves what is said next alone',
  async (late) => {
    const user = await converse({ agent: new Keyword(), transcript: late, latencies: { stt: 400 } });
    const first = user.press();
    user.speak(question);
    user.release();
    await user.until(() => user.eventsOf('phase_changed', first).some(({ phase }) => phase === 'transcribing'));
    const second = user.press();
    user.speak(question.subarray(0, 4_800));
    await user.outcome(first);
    expect(user.session.state).toMatchObject({ phase: 'recording', turnId: second });
    user.session.clearUserTurn();
    await user.outcome(second);
  },
);
