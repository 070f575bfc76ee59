/** Tools: servers in Settings, calls and their evidence in the script, and nothing called without leave. */
import { fileURLToPath } from 'node:url';
import { expectAccessible } from './accessible.ts';
import { expect, type TalkPage, test } from './fixtures.ts';

const PROGRAM = fileURLToPath(new URL('../support/mcp-stdio-server.ts', import.meta.url));

/** Asks for a sum once, and says it once it knows it. */
test.use({
  providerOptions: {
    reply: (messages) => {
      const told = messages.findLast(({ role }) => role === 'tool');
      if (told) return `The answer is ${String(told.content)}.`;
      return { toolCalls: [{ name: 'sums__add', arguments: { a: 2, b: 3 } }] };
    },
  },
});

async function addServer({ page, ...talk }: { page: TalkPage['page']; open: TalkPage['open'] }): Promise<void> {
  await talk.open('Settings');
  await page.getByRole('button', { name: 'Add a server' }).click();
  await page.getByLabel('Name', { exact: true }).fill('sums');
  await page.getByLabel('Command').fill(`"${process.execPath}" "${PROGRAM}"`);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('region', { name: 'sums' })).toBeVisible();
}

async function ask(talk: TalkPage): Promise<void> {
  await addServer({ page: talk.page, open: (screen) => talk.open(screen) });
  await talk.open('Talk');
  await talk.type('What is two and three?');
  await expect(talk.page.getByRole('group', { name: 'Let the agent call add from sums?' })).toBeVisible();
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('a question and its evidence are accessible', async ({ talk, page }) => {
      await ask(talk);
      await expectAccessible(page);
      await page.keyboard.press('Alt+Enter');
      await talk.idle();
      await page.locator('.step summary').click();
      await expectAccessible(page);
      await talk.open('Settings');
      await page.getByText('6 tools', { exact: true }).click();
      await expectAccessible(page);
    });
  });
}

test('a call waits for leave, is made once, and its evidence is kept', async ({ talk, page }) => {
  await ask(talk);
  const asked = page.getByRole('group', { name: /^Let the agent call/ });
  await expect(asked).toContainText('"a": 2');
  await expect(page.locator('[aria-live=polite]')).toContainText('Let the agent call add from sums?');
  await asked.getByRole('button', { name: 'Allow once' }).click();
  await expect(asked).toHaveCount(0);
  await expect(talk.lastTurn()).toContainText('The answer is 5.');
  await talk.idle();

  const call = talk.lastTurn().locator('.step');
  await expect(call.locator('summary')).toContainText('called add from sums');
  await call.locator('summary').click();
  await expect(call).toContainText('"b": 3');

  await talk.open('History');
  await page.getByRole('navigation', { name: 'Conversations' }).getByRole('button').click();
  await expect(page.locator('.step summary')).toContainText('called add from sums');
});

test('denied by keyboard: nothing is called, and the agent is told', async ({ talk, page, provider }) => {
  await ask(talk);
  await page.keyboard.press('Alt+Backspace');
  await expect(page.getByRole('group', { name: /^Let the agent call/ })).toHaveCount(0);
  await talk.idle();
  await expect(talk.lastTurn().locator('.step summary')).toContainText('could not call add from sums');
  expect(JSON.stringify(provider.requests('llm').at(-1)?.json)).not.toContain('"content":"5"');
});

test('always allowed by keyboard: not asked again, and Settings say so', async ({ talk, page }) => {
  await ask(talk);
  await page.keyboard.press('Alt+Shift+Enter');
  await talk.idle();
  await talk.open('Settings');
  await expect(page.getByRole('region', { name: 'sums' }).getByLabel('Calls')).toHaveValue('always');
});

test('a question that waits is named on every other screen', async ({ talk, page }) => {
  await ask(talk);
  await talk.open('History');
  await expect(page.getByText('The agent asks whether it may call a tool.')).toBeVisible();
  await page.getByRole('button', { name: 'Answer' }).click();
  await page.keyboard.press('Alt+Enter');
  await expect(talk.lastTurn()).toContainText('The answer is 5.');
  await talk.idle();
});

test('a web address is given headers, one a line, which stay', async ({ talk, page }) => {
  await talk.open('Settings');
  await page.getByRole('button', { name: 'Add a server' }).click();
  await page.getByLabel('Name', { exact: true }).fill('remote');
  await page.getByLabel('Kind').selectOption('Web address');
  await page.getByLabel('URL', { exact: true }).fill('http://127.0.0.1:9/mcp');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const headers = page.getByRole('region', { name: 'remote' }).getByLabel('Headers');
  await headers.fill('Authorization');
  await headers.blur();
  await expect(page.getByText('“Authorization” is not Name: value')).toBeVisible();
  await headers.fill('Authorization: Bearer t-1');
  await headers.blur();
  await expect(page.getByText('is not Name: value')).toHaveCount(0);
  await expectAccessible(page);
  await page.reload();
  await talk.open('Settings');
  await expect(headers).toHaveValue('Authorization: Bearer t-1');
});

test('a server that does not start says why; it can be mended and removed', async ({ talk, page }) => {
  await talk.open('Settings');
  await page.getByRole('button', { name: 'Add a server' }).click();
  await page.getByLabel('Name', { exact: true }).fill('no such');
  await page.getByLabel('Command').fill('squelch-test-no-such-program');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByText(/letters, digits/i)).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('missing');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const server = page.getByRole('region', { name: 'missing' });
  await expect(server).toBeVisible();
  await talk.open('Talk');
  await talk.type('Hello');
  await talk.idle();
  await talk.open('Settings');
  await expect(server.getByText('Does not work')).toBeVisible();
  await server.getByRole('button', { name: 'Remove missing' }).click();
  await expect(server).toHaveCount(0);
});
