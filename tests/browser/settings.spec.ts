/** Settings: every stage can be tried for real, keys go in and never come out, choices last. */
import { expect, test } from './fixtures.ts';

test.describe('with a provider', () => {
  test.use({ providerOptions: { transcript: 'Test.', reply: 'Good.' } });

  for (const stage of ['Transcription', 'Thinking', 'Voice']) {
    test(`the ${stage} test really calls the provider`, async ({ talk, page, provider }) => {
      await talk.open('Settings');
      await page.getByRole('button', { name: `Test: ${stage}` }).click();
      await expect(page.getByText('Works').first()).toBeVisible();
      expect(provider.requests().filter(({ stage: called }) => called !== null)).toHaveLength(1);
    });
  }

  test('a provider that refuses: the cause', async ({ talk, page, provider }) => {
    provider.setChaos([{ kind: 'error', stage: 'llm' }]);
    await talk.open('Settings');
    await page.getByRole('button', { name: 'Test: Thinking' }).click();
    await expect(page.getByText('Does not work').first()).toBeVisible({ timeout: 15_000 });
  });
});

test('a key goes in and never comes out', async ({ talk, page }) => {
  const frames: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(payload.toString())));
  await page.reload();
  await talk.open('Settings');
  await page.getByLabel('API key').first().fill('sk-secret-of-the-user');
  await page.getByRole('button', { name: 'Save key' }).first().click();
  await expect(page.getByText('A key is kept until Squelch stops.').first()).toBeVisible();
  await page.reload();
  await talk.open('Settings');
  await expect(page.getByText('A key is kept until Squelch stops.').first()).toBeVisible();
  expect(await page.content()).not.toContain('sk-secret');
  expect(frames.join('\n')).not.toContain('sk-secret');
  await page.getByRole('button', { name: 'Forget key' }).first().click();
  await expect(page.getByText('No key.').first()).toBeVisible();
});

test('a choice lasts', async ({ talk, page }) => {
  await talk.open('Settings');
  await page.getByRole('radio', { name: 'Dark' }).or(page.getByLabel('Light or dark')).first().waitFor();
  await page.getByLabel('Light or dark').selectOption({ label: 'Dark' });
  await expect(page.locator('html')).toHaveAttribute('data-appearance', 'dark');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-appearance', 'dark');
});

test('a value that can not be is refused beside its field, in plain words', async ({ talk, page }) => {
  await talk.open('Settings');
  const field = page.getByLabel('Threshold', { exact: true });
  await field.fill('4');
  await field.press('Enter');
  await expect(field).toHaveAccessibleDescription(/^Must be at most 0\.99\. Correct the value/);
  await field.fill('0.6');
  await field.press('Enter');
  await expect(page.getByText('Must be')).toHaveCount(0);
});

test('the sections beside the page lead to each of them, and say where one is', async ({ talk, page }) => {
  await talk.open('Settings');
  const sections = page.getByRole('navigation', { name: 'Sections' });
  const current = sections.locator('[aria-current]');
  await expect(current).toHaveText('Provider');
  const names = await sections.getByRole('link').allTextContents();
  await expect(page.getByRole('heading', { level: 3 })).toContainText(names);
  await sections.getByRole('link', { name: 'Voice detection' }).click();
  await expect(page.getByRole('heading', { name: 'Voice detection' })).toBeInViewport();
  await expect(current).toHaveText('Voice detection');
  await sections.getByRole('link', { name: 'About' }).click();
  await expect(current).toHaveText('About');
  await page.setViewportSize({ width: 700, height: 700 });
  await expect(sections).toBeHidden();
});
