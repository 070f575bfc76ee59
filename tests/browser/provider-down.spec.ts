/** A provider that fails: the cause in the turn where it happened, the recording safe, the way out one key away. */
import { speech } from '../support/speech.ts';
import { expect, test } from './fixtures.ts';

const OPTIONS = { transcript: 'What is the weather?', reply: 'It rains.' };

test.describe('the transcription', () => {
  test.use({ providerOptions: { ...OPTIONS, chaos: [{ kind: 'error', stage: 'stt' }] } });

  test('fails, and the same recording is sent again', async ({ talk, provider }) => {
    await talk.say(await speech('What is the weather?'));
    const failed = talk.turns.first();
    await expect(failed).toHaveAttribute('data-outcome', 'failed', { timeout: 15_000 });
    await expect(failed.locator('[data-error=true]')).toContainText('Transcription:');
    await expect(failed).toContainText('Your recording is saved.');
    await talk.idle();
    await expect(talk.page.getByText('(thinking)')).toHaveCount(0);

    provider.setChaos();
    await failed.getByRole('button', { name: 'Retry' }).click();
    await expect(talk.turns).toHaveCount(2);
    await expect(talk.lastTurn()).toContainText('What is the weather?');
    await expect(talk.lastTurn()).toContainText('It rains.');
    await talk.idle();
    await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'completed');
    await expect(failed.getByRole('button', { name: 'Retry' })).toHaveCount(0);
  });
});

test.describe('the model', () => {
  test.use({ providerOptions: { ...OPTIONS, chaos: [{ kind: 'malformed', stage: 'llm' }] } });

  test('fails after the words were understood: they stay', async ({ talk }) => {
    await talk.say(await speech('What is the weather?'));
    await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'failed', { timeout: 15_000 });
    await expect(talk.lastTurn()).toContainText('What is the weather?');
    await expect(talk.lastTurn().locator('[data-error=true]')).toContainText('Thinking:');
    await talk.idle();
    await expect(talk.page.getByText('(thinking)')).toHaveCount(0);
  });
});

test.describe('the voice', () => {
  test.use({ providerOptions: { ...OPTIONS, chaos: [{ kind: 'error', stage: 'tts' }] } });

  test('fails: the reply is there to read', async ({ talk }) => {
    await talk.type('What is the weather?');
    await expect(talk.lastTurn()).toContainText('It rains.', { timeout: 15_000 });
    await expect(talk.lastTurn().locator('[data-error=true]')).toContainText('Voice:', { timeout: 15_000 });
    await talk.idle();
    await expect(talk.page.getByText('(thinking)')).toHaveCount(0);
  });
});
