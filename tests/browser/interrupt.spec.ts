/** Speaking over the reply: it stops at once, and what was heard is what remains. */
import { speech } from '../support/speech.ts';
import { expect, type TalkPage, test } from './fixtures.ts';

const LONG = 'One is the first sentence. Two is the second sentence. Three is the third. Four is the last of them all.';

test.use({ providerOptions: { transcript: 'Stop.', reply: LONG } });

/** Asks, and waits until some of the reply has been heard. */
async function askAndHear(talk: TalkPage): Promise<void> {
  await talk.type('Count');
  await expect(talk.key).toHaveAttribute('data-mode', 'speaking');
  await expect(talk.lastTurn().locator('.said-unheard')).not.toContainText('One is');
}

test('a new hold stops the reply and is a turn of its own', async ({ talk, microphone, page }) => {
  await askAndHear(talk);
  const spoken = await speech('Stop, please.');
  await talk.hold();
  const interrupted = talk.turns.first();
  await expect(interrupted).toHaveAttribute('data-outcome', 'interrupted');
  await expect(interrupted.getByText('(interrupted)')).toBeVisible();
  await expect(interrupted.locator('.said-unheard')).toContainText('Four is the last of them all.');
  await expect(interrupted.locator('.said-unheard')).not.toContainText('One is the first');
  await microphone.say(spoken);
  await talk.letGo();
  await expect(talk.turns).toHaveCount(2);
  await expect(talk.lastTurn()).toContainText('Stop.');
  await page.keyboard.press('Escape');
  await talk.idle();
});

test('the model is told what was heard, not what was written', async ({ talk, page, provider }) => {
  await askAndHear(talk);
  await page.keyboard.press('Escape');
  await talk.idle();
  await talk.type('Go on');
  await expect.poll(() => provider.requests('llm').length).toBe(2);
  const messages = provider.requests('llm')[1]?.json?.messages as { role: string; content: string }[];
  const reply = messages.findLast(({ role }) => role === 'assistant')?.content ?? '';
  expect(reply).toMatch(/^One/);
  expect(reply).not.toContain('Four');
  await page.keyboard.press('Escape');
  await talk.idle();
});

test('Esc stops the reply', async ({ talk, page }) => {
  await askAndHear(talk);
  await page.keyboard.press('Escape');
  await talk.idle();
  await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'interrupted');
});
