/** The same question asked again of another agent or model: the answers stand side by side. */
import { expectAccessible } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { tell } from './told.ts';

test.use({ providerOptions: { reply: (messages) => `Answer ${messages.length}.` } });
test.describe.configure({ timeout: 90_000 });

test('asked again of another model, by key', async ({ talk, page, provider }) => {
  await tell(talk);
  await page.locator('[data-turn]').last().focus();
  await page.keyboard.press('a');
  const answers = page.getByRole('region', { name: 'Answers to the same question' });
  await expect(answers.getByRole('article')).toHaveCount(1);
  await answers.getByLabel('Thinking').fill('parrot-1');
  await answers.getByRole('button', { name: 'Ask', exact: true }).click();

  await expect(answers.getByRole('article')).toHaveCount(2);
  const again = answers.getByRole('article').last();
  await expect(again).toHaveAttribute('data-outcome', 'completed', { timeout: 20_000 });
  await expect(again).toContainText('And of Linz');
  await expect(again).toContainText('parrot-1');
  await expect(again).toContainText('Asked again');
  // It remembers what was said before, as the first one did.
  const asked = provider.requests('llm').map(({ json }) => json as { model: string; messages: unknown[] });
  expect(asked.at(-1)?.model).toBe('parrot-1');
  expect(asked.at(-1)?.messages).toEqual(asked.at(-2)?.messages);
  await expectAccessible(page);

  await again.getByRole('button', { name: 'Play what Squelch said' }).click();
  await expect(page.getByRole('slider', { name: 'Position, what Squelch said' })).toBeVisible();
  await again.getByRole('button', { name: 'Open the conversation' }).click();
  await expect(
    page.getByRole('log', { name: 'Conversation' }).or(page.getByRole('region', { name: 'Conversation' })),
  ).toBeVisible();
  await expect(page.getByRole('article')).toHaveCount(1);
});

test('asked again of another agent; both are found from either', async ({ talk, page }) => {
  await tell(talk);
  await page.getByRole('button', { name: 'Ask again' }).first().click();
  const answers = page.getByRole('region', { name: 'Answers to the same question' });
  await answers.getByLabel('Agent').selectOption('Chain of thought');
  await answers.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(answers.getByRole('article')).toHaveCount(2);
  const again = answers.getByRole('article', { name: /^Chain of thought/ });
  await expect(again).toHaveAttribute('data-outcome', /./, { timeout: 20_000 });
  await answers.getByRole('button', { name: 'Back to the conversation' }).click();
  await page.locator('[data-turn]').first().focus();
  await page.keyboard.press('a');
  await expect(answers.getByRole('article')).toHaveCount(2);
});
