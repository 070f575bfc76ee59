/** The window may go away at any moment: the core keeps what was said, and the window finds it again. */
import { speech } from '../support/speech.ts';
import { expect, serve, test } from './fixtures.ts';

test.use({
  providerOptions: { transcript: 'Before the reload.', reply: 'One sentence. Another sentence. A third one.' },
});

test('a reload in mid-recording ends the turn and keeps it', async ({ talk, page, microphone }) => {
  await talk.hold();
  await microphone.say(await speech('This was said before the window was loaded again.'));
  await page.reload();
  await expect(talk.lastTurn()).toContainText('Before the reload.');
  await talk.idle();
  await expect(talk.turns).toHaveCount(1);
});

test.describe('before the reply', () => {
  test.use({
    providerOptions: { reply: 'It was worth the wait.', latencies: { llm: 3_000 } },
  });

  test('a reload loses nothing of it: the new page says it', async ({ talk, page, provider }) => {
    await talk.type('Tell me');
    await expect.poll(() => provider.requests('llm').length).toBe(1);
    await page.reload();
    await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'completed');
    await expect(talk.lastTurn()).toContainText('It was worth the wait.');
  });
});

test('a reload in mid-reply: the reply was heard so far', async ({ talk, page }) => {
  await talk.type('Tell me');
  await expect(talk.key).toHaveAttribute('data-mode', 'speaking');
  await expect(talk.lastTurn().locator('.said-unheard')).not.toContainText('One sentence');
  await page.reload();
  await talk.idle();
  await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'interrupted');
  await expect(talk.lastTurn()).toContainText('A third one.');
});

test('a host that is gone is said, and found again when it is back', async ({ page, home, microphone }) => {
  await microphone.plugIn();
  const first = await serve(home, {});
  await page.goto(first.link);
  const key = page.locator('[data-talk-key]');
  await expect(key).toHaveAttribute('data-mode', 'idle');
  await first.stop();
  await expect(page.getByText('Squelch can’t be reached.')).toBeVisible();
  await expect(key).toHaveAttribute('data-mode', 'offline');
  const second = await serve(home, {}, first.port);
  // A new host knows no browser yet: the page must not pretend that it is connected.
  await page.waitForTimeout(1_500);
  await expect(key).toHaveAttribute('data-mode', 'offline');
  await page.goto(second.link);
  await expect(key).toHaveAttribute('data-mode', 'idle');
  await second.stop();
});
