/** The Agents screen: who can be talked to, personas in place, code only after a warning. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

test.use({ providerOptions: { reply: 'Good.' } });

/** What a field says of itself once it is saved. */
function saved(page: Page, name: string): Locator {
  return page.locator('.field', { has: page.getByLabel(name, { exact: true }) }).getByText('Saved');
}

test('every agent says what it does and changes, and can be talked to', async ({ talk, page }) => {
  await talk.open('Agents');
  await page
    .getByRole('navigation', { name: 'Agents' })
    .getByRole('button', { name: /^Restaurant/ })
    .click();
  const agent = page.getByRole('article', { name: 'Restaurant' });
  await expect(agent.getByRole('region', { name: 'Instructions' })).toBeVisible();
  await expect(agent.getByRole('region', { name: 'Changes' })).toContainText('onEnter');
  await agent.getByRole('button', { name: 'Talk to Restaurant' }).click();
  await expect(talk.key).toBeVisible();
  await expect(page.getByRole('combobox', { name: /^Agent\./ }).locator('option:checked')).toHaveText(/./);
  // It greets, and nobody has spoken before it.
  await expect(talk.turns.first()).toContainText('Good.');
  await expect(talk.turns.first().locator('.speaker')).toHaveText(['Squelch']);
});

test('the status line says who listens, and switches', async ({ talk, page, provider }) => {
  const choice = page.getByRole('combobox', { name: /^Agent\./ });
  await expect(choice.locator('option:checked')).toHaveText('Assistant');
  await choice.selectOption({ label: 'Chain of thought' });
  await expect(choice.locator('option:checked')).toHaveText('Chain of thought');
  await expect(choice).not.toBeFocused();
  await talk.type('Hello');
  await talk.idle();
  const [request] = provider.requests('llm');
  expect(JSON.stringify(request?.json)).not.toContain('You are Squelch, a voice assistant on the desktop');
});

test('by keys the choice goes on: the focus stays', async ({ talk, page }) => {
  const choice = page.getByRole('combobox', { name: /^Agent\./ });
  await choice.focus();
  await page.keyboard.press('ArrowDown');
  await expect(choice.locator('option:checked')).not.toHaveText('Assistant');
  await expect(choice).toBeFocused();
  await expect(talk.key).toBeVisible();
});

test('two changes at once are both kept', async ({ talk, page }) => {
  await talk.open('Agents');
  await page.getByRole('button', { name: 'New persona' }).click();
  const voice = await page.getByLabel('Voice', { exact: true }).elementHandle();
  await page.getByLabel('Name').fill('Pirate');
  // The name is left, and so saved, in the moment in which the voice is.
  await voice?.evaluate(async (field: HTMLInputElement) => {
    const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    write?.call(field, 'onyx');
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve));
    (document.activeElement as HTMLElement).blur();
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  });
  for (const name of ['Name', 'Voice']) await expect(saved(page, name)).toBeVisible();
  await page.reload();
  await talk.open('Agents');
  await page.getByRole('button', { name: /^Pirate/ }).click();
  await expect(page.getByLabel('Voice', { exact: true })).toHaveValue('onyx');
});

test('a persona is made, changed in place, talked to and deleted', async ({ talk, page, provider }) => {
  await talk.open('Agents');
  await page.getByRole('button', { name: 'New persona' }).press('Enter');
  await expect(page.getByLabel('Name')).toBeFocused();
  await page.keyboard.type('Pirate');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('article', { name: 'Pirate' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Instructions' }).fill('Talk like a pirate.');
  await page.getByLabel('Thinking model').fill('parrot-1');
  await page.getByLabel('Thinking model').press('Enter');
  for (const name of ['Instructions', 'Thinking model']) await expect(saved(page, name)).toBeVisible();
  await page.reload();

  await talk.open('Agents');
  await page.getByRole('button', { name: /^Pirate/ }).click();
  await expect(page.getByRole('textbox', { name: 'Instructions' })).toHaveValue('Talk like a pirate.');
  await page.getByRole('button', { name: 'Talk to Pirate' }).click();
  await talk.type('Hello');
  await talk.idle();
  const sent = JSON.stringify(provider.requests('llm')[0]?.json);
  expect(sent).toContain('Talk like a pirate.');
  expect(sent).toContain('"model":"parrot-1"');

  await talk.open('Agents');
  await page.getByRole('button', { name: /^Pirate/ }).click();
  await page.getByRole('button', { name: 'Delete persona' }).click();
  await expect(page.getByText('Delete Pirate?')).toBeVisible();
  await page.getByRole('button', { name: 'Delete persona' }).click();
  await expect(page.getByRole('button', { name: /^Pirate/ })).toHaveCount(0);
});

test('a persona without a name is refused beside the field', async ({ talk, page }) => {
  await talk.open('Agents');
  await page.getByRole('button', { name: 'New persona' }).click();
  const name = page.getByLabel('Name');
  await name.fill('');
  await name.press('Enter');
  await expect(name).toHaveAccessibleDescription(/must not be empty/i);
});

test.describe('a file of the user’s', () => {
  test.beforeEach(async ({ home }) => {
    await mkdir(join(home, 'agents'), { recursive: true });
    await writeFile(
      join(home, 'agents', 'parrot.js'),
      `import { writeFileSync } from 'node:fs';
       writeFileSync(${JSON.stringify(join(home, 'it-ran'))}, '');
       throw new Error('Polly is not in');`,
    );
  });

  test('does not run before the warning is answered; its error is told', async ({ talk, page }) => {
    await talk.open('Agents');
    await page.getByRole('button', { name: /parrot/i }).click();
    await expect(page.getByText('This file is code.')).toBeVisible();
    await expect(page.getByRole('button', { name: /^Talk to/ })).toHaveCount(0);
    await page.getByRole('button', { name: 'Enable' }).click();
    await expect(page.getByText(/Polly is not in/)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Disable' })).toBeVisible();
    // Nothing is told of an agent that nobody could read.
    await expect(page.getByRole('region', { name: 'Instructions' })).toHaveCount(0);
    // Everybody else can still be talked to.
    await talk.open('Talk');
    await talk.type('Hello');
    await talk.idle();
    await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'completed');
  });
});
