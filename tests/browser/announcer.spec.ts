/** What a screen reader is told of turns: everything once, in its order, and the same again when it happens again. */
import type { Page } from '@playwright/test';
import { speech } from '../support/speech.ts';
import { expect, test } from './fixtures.ts';

test.use({ providerOptions: { transcript: 'What is the weather?', reply: 'It rains.' } });

/** Hears every paragraph that comes into a live region. @returns what was heard so far */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    for (const region of document.querySelectorAll('[role=status]')) {
      new MutationObserver((changes) => {
        for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) heard.push(node.textContent ?? '');
      }).observe(region, { childList: true, subtree: true });
    }
  });
  return () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
}

test('two takes are told of alike, and that they were discarded', async ({ talk, page }) => {
  const heard = await listen(page);
  for (const _ of [1, 2]) {
    await talk.hold();
    await page.keyboard.press('Escape');
    await talk.letGo();
    await talk.idle();
  }
  await expect.poll(heard).toEqual(['Listening', 'Discarded', 'Listening', 'Discarded']);
});

test('what was understood, and what went wrong', async ({ talk, page, provider }) => {
  provider.setChaos([{ kind: 'error', stage: 'llm' }]);
  const heard = await listen(page);
  await talk.say(await speech('What is the weather?'));
  await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'failed', { timeout: 15_000 });
  await expect
    .poll(heard)
    .toEqual(['Listening', 'You said: What is the weather?', expect.stringMatching(/^Thinking: /)]);
});

test('that the core is away is told at once, though nothing else was', async ({ talk, page, host }) => {
  await expect(page.locator('.notices')).toBeEmpty();
  await talk.hold();
  const heard = await listen(page);
  await host.stop();
  await expect(talk.key).toHaveAttribute('data-mode', 'offline');
  await expect.poll(heard).toEqual([expect.stringContaining('Squelch can’t be reached.')]);
  // What becomes of the turn is not known then.
  await expect(talk.lastTurn()).toContainText('(connection lost)');
  await expect(talk.lastTurn()).not.toContainText('(speaking)');
});
