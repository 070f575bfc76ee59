/** Dictation: what is said ends on the clipboard, and a folder of documents can be chosen for the agent that reads them. */
import { expect, test } from './fixtures.ts';

test.use({ providerOptions: { transcript: 'Dear Ada.' } });

test('what was dictated is on the clipboard, and nobody answers', async ({ talk, page, context, provider }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write', 'microphone']);
  await page.getByRole('combobox', { name: /^Agent\./ }).selectOption({ label: 'Dictation' });
  await talk.type('Dear Ada, it is done.');
  await expect(talk.turns.first()).toContainText('the words are on the clipboard');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('Dear Ada, it is done.');
  expect(provider.requests('llm')).toEqual([]);
});

test('the folder of documents is chosen in Settings, and lasts', async ({ talk, page, home }) => {
  await talk.open('Settings');
  const folder = page.getByRole('region', { name: 'Documents' }).getByLabel('Folder');
  await folder.fill(home);
  await folder.press('Enter');
  await page.reload();
  await talk.open('Settings');
  await expect(folder).toHaveValue(home);
});
