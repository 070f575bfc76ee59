/** History: what went wrong and ended no turn is read where it happened, also of a conversation in which nobody spoke. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { squelch } from '../support/squelch-command.ts';
import { expectAccessible } from './accessible.ts';
import { test as base, expect } from './fixtures.ts';

const AGENT = `export default ({ Agent }) => {
  class Own extends Agent {
    onExit() { throw new Error('no goodbye'); }
  }
  return new Own({ id: 'own', instructions: 'Be kind.' });
};
`;

/** A turn with an agent that fails as it leaves, and with tools that can't be started, is in the log. */
const test = base.extend({
  home: async ({ home }, use) => {
    await mkdir(join(home, 'agents'));
    await writeFile(join(home, 'agents', 'own.mjs'), AGENT);
    const files = { 'own.mjs': createHash('sha256').update(AGENT).digest('hex') };
    await writeFile(join(home, 'agents', 'enabled.json'), JSON.stringify({ version: 1, files }));
    const transport = { type: 'stdio', command: 'no-such-program', args: [], env: {} };
    const mcp = [{ name: 'sums', transport, approval: 'ask', enabled: true }];
    await writeFile(join(home, 'settings.json'), JSON.stringify({ version: 1, agent: 'own', mcp }));
    const told = await squelch(['talk', '--text', 'What is the weather?', '--home', home]);
    expect(told.status, told.stderr).toBe(0);
    await use(home);
  },
});

test.describe.configure({ timeout: 60_000 });

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('of hooks and tools, with its turn or, where nobody spoke, alone', async ({ talk, page }) => {
      // The first one ends without a word.
      for (const name of ['own', 'Assistant']) {
        await talk.open('Agents');
        await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
        await page.getByRole('button', { name: `Talk to ${name}` }).click();
        await expect(talk.key).toBeVisible();
      }
      await talk.type('And tomorrow?');
      await talk.idle();
      await talk.open('History');
      const sessions = page.getByRole('navigation', { name: 'Conversations' }).getByRole('button');
      await expect(sessions).toHaveText([/^And tomorrow/, /^No words/, /^What is the weather/]);
      const turn = page.getByRole('group', { name: /^Turn .* 1 of 1/ });

      await sessions.nth(0).click();
      await expect(turn).toContainText('sums could not be started: its command was not found.');
      await sessions.nth(1).click();
      await expect(page.getByText('Nothing was said in it.')).toBeVisible();
      await expect(page.getByText('own.onExit failed: no goodbye.')).toBeVisible();
      await expectAccessible(page);
      await sessions.nth(2).click();
      await expect(turn).toContainText('own.onExit failed: no goodbye.');
      await expectAccessible(page);
    });
  });
}
