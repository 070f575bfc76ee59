/** History while somebody talks: the list, the conversation and the inspector stay current by themselves. */
import { expect, test } from './fixtures.ts';

const REPLY = 'One is the first sentence. Two is the second sentence. Three is the third.';

test.use({ providerOptions: { reply: REPLY, latencies: { llm: 1_500 } } });
test.describe.configure({ timeout: 60_000 });

test('a new conversation comes on top, and the turn in it is followed to its end', async ({ talk, page }) => {
  await talk.type('The first of them');
  await talk.idle();
  await page.getByRole('button', { name: 'New conversation' }).click();
  await talk.open('History');
  const rows = page.getByRole('navigation', { name: 'Conversations' }).getByRole('button');
  await expect(rows).toHaveCount(1);

  // Somebody talks in another window.
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByRole('textbox', { name: 'Message' }).fill('The second of them');
  await other.getByRole('textbox', { name: 'Message' }).press('Enter');

  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText('The second of them');
  await rows.first().click();
  const turn = page.getByRole('article');
  await expect(turn).toContainText('The second of them');
  await page.getByRole('button', { name: 'Inspect' }).click();
  const inspector = page.getByRole('complementary', { name: /^Turn of/ });
  await expect(inspector).toBeVisible();
  await expect(turn).toHaveAttribute('data-outcome', /./, { timeout: 20_000 });
  await expect(turn).toContainText('Three is the third.');
  await expect(inspector.getByText('Still going on.')).toHaveCount(0);
  await expect(
    inspector.getByRole('table', { name: 'Timing' }).getByRole('rowheader', { name: 'Speaking' }),
  ).toBeVisible();
  await expect(inspector.locator('.request').first()).toContainText('200');
  await other.close();
});
