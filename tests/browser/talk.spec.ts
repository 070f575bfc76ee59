/** The main job: hold, speak, let go, hear. */
import { concatSamples } from '../../src-main/audio/frame.ts';
import { quiet, speech } from '../support/speech.ts';
import { expect, test } from './fixtures.ts';

const REPLY = 'It rains all day. Take a coat with you. The evening will be dry.';

test.describe('with a provider', () => {
  test.use({ providerOptions: { transcript: 'What is the weather?', reply: REPLY } });

  test('a turn by the key: heard, answered, kept', async ({ talk, provider }) => {
    await talk.say(await speech('What is the weather?'));
    await expect(talk.lastTurn()).toContainText('What is the weather?');
    await expect(talk.lastTurn()).toContainText('It rains all day.');
    await talk.idle();
    await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'completed');
    await expect(talk.lastTurn()).not.toContainText('not heard aloud');
    expect(provider.requests('llm')).toHaveLength(1);
  });

  test('what was said is what the transcription receives, sample by sample', async ({ talk, provider, page }) => {
    await talk.open('Settings');
    await page.getByLabel('Transcribe', { exact: true }).selectOption('When I let go');
    await talk.open('Talk');
    const said = await speech('Every single sample of this sentence must arrive.');
    await talk.say(said);
    await talk.idle();
    const [request] = provider.requests('stt');
    const received = request?.audio?.samples ?? new Int16Array(0);
    const start = received.findIndex((sample, index) => sample !== 0 && matches(received, said, index));
    expect(start).toBeGreaterThanOrEqual(0);
    const first = said.findIndex((sample) => sample !== 0);
    expect(received.subarray(start, start + said.length - first)).toEqual(said.subarray(first));
  });

  test('a turn by the pointer', async ({ talk, microphone, page }) => {
    await talk.key.hover();
    await page.mouse.down();
    await expect(talk.key).toHaveAttribute('data-mode', 'recording');
    await microphone.say(await speech('What is the weather?'));
    await page.mouse.move(2, 2);
    await page.mouse.up();
    await expect(talk.lastTurn()).toContainText('What is the weather?');
    await talk.idle();
  });

  test('a typed message', async ({ talk }) => {
    await talk.type('What is the weather, in writing?');
    await expect(talk.lastTurn()).toContainText('What is the weather, in writing?');
    await talk.idle();
    await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'completed');
  });

  test('words stand in the direction of their own script', async ({ talk, page }) => {
    const question = 'ما هو الطقس اليوم؟ (weather)';
    await talk.message.fill(question);
    await expect(talk.message).toHaveCSS('direction', 'rtl');
    await talk.type(question);
    await talk.idle();
    await expect(talk.lastTurn().locator('[data-said=user]')).toHaveCSS('direction', 'rtl');
    await expect(talk.lastTurn().locator('[data-said=agent]')).toHaveCSS('direction', 'ltr');
    await talk.open('History');
    await expect(page.locator('.panes-row-title').first()).toHaveCSS('direction', 'rtl');
  });

  test('a message that is not sent yet is there again after a look elsewhere', async ({ talk }) => {
    await talk.message.fill('What was it that');
    await talk.open('History');
    await talk.open('Talk');
    await expect(talk.message).toHaveValue('What was it that');
    await talk.message.press('Enter');
    await expect(talk.lastTurn()).toContainText('What was it that');
    await expect(talk.message).toHaveValue('');
    await talk.idle();
  });

  test('the words follow the voice', async ({ talk }) => {
    await talk.type('Tell me');
    await expect(talk.key).toHaveAttribute('data-mode', 'speaking');
    const unheard = talk.lastTurn().locator('.said-unheard');
    await expect(unheard).toContainText('The evening will be dry.');
    await expect(unheard).not.toContainText('It rains all day.');
    await talk.idle();
    await expect(unheard).toHaveCount(0);
  });

  test('figures on demand', async ({ talk }) => {
    await talk.say(await speech('What is the weather?'));
    await talk.idle();
    const evidence = talk.lastTurn().getByRole('group');
    await talk.lastTurn().locator('summary').click();
    await expect(evidence).toContainText('To first sound');
    await expect(evidence).toContainText('openai/');
    await expect(evidence).not.toContainText('Sound frames lost');
  });

  test('the turn is in the history, with both recordings', async ({ talk, page }) => {
    // Long enough to be still playing when it is looked at.
    await talk.say(concatSamples([await speech('What is the weather?'), quiet(4_000)]));
    await talk.idle();
    await talk.open('History');
    await page
      .getByRole('navigation', { name: 'Conversations' })
      .getByRole('button', { name: /What is the weather/ })
      .click();
    for (const what of ['what you said', 'what Squelch said']) {
      await page.getByRole('button', { name: `Play ${what}` }).click();
      await expect(page.getByRole('button', { name: `Pause ${what}` })).toBeVisible();
      await expect
        .poll(() =>
          page
            .getByRole('slider', { name: `Position, ${what}` })
            .inputValue()
            .then(Number),
        )
        .toBeGreaterThan(300);
      await page.getByRole('button', { name: `Pause ${what}` }).click();
    }
    await expect(page.getByText('This recording can’t be played.')).toHaveCount(0);
  });
});

test.describe('live words', () => {
  test.use({
    providerOptions: {
      transcript: ({ samples }) => (samples.length > 24_000 ? 'The first phrase.' : 'And more.'),
      reply: 'Good.',
    },
  });

  test('appear while the key is still down', async ({ talk, microphone }) => {
    await talk.hold();
    await microphone.say(await speech('This is the first phrase, and it is long enough to be one.'));
    await microphone.say(quiet(1_200));
    await expect(talk.lastTurn()).toContainText('The first phrase.');
    await expect(talk.key).toHaveAttribute('data-mode', 'recording');
    await talk.letGo();
    await talk.idle();
  });
});

test('practice mode needs nothing and says so', async ({ talk, page }) => {
  await expect(page.getByText('Practice mode. Nothing leaves this machine')).toBeVisible();
  await talk.say(await speech('Hello, can you hear me?'));
  await expect(talk.lastTurn()).toContainText('Measured, not understood:');
  await expect(talk.lastTurn()).toContainText('I heard');
  await talk.idle();
  await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'completed');
});

test('silence is not sent', async ({ talk, microphone }) => {
  await talk.hold();
  await microphone.say(quiet(1_200));
  await talk.letGo();
  await expect(talk.lastTurn()).toContainText('No speech heard');
  await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'no-speech');
  await talk.idle();
});

/** Whether `said`, from its first sound, begins at `index`. */
function matches(received: Int16Array, said: Int16Array, index: number): boolean {
  const first = said.findIndex((sample) => sample !== 0);
  for (let i = 0; i < 200; i++) if (received[index + i] !== said[first + i]) return false;
  return true;
}
