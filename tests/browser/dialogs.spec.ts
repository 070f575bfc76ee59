/** Dialogs: accessible in light and dark, left by Esc and by their own button, and the focus goes back where it was. */
import type { Locator } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { expect, type TalkPage, test } from './fixtures.ts';
import { LabPage, labelledFolder } from './lab-page.ts';
import { tell } from './told.ts';

test.use({ providerOptions: { reply: 'It rains.' } });
test.describe.configure({ timeout: 60_000 });

interface Opened {
  readonly opener: Locator;
  /** The button that leaves it without doing anything. */
  readonly leave: string;
  /** What is looked at too: what it says of a mistake. */
  readonly mistake?: string;
}

async function expectGoodManners({ page }: TalkPage, { opener, leave, mistake }: Opened): Promise<void> {
  const dialog = page.getByRole('dialog');
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await opener.press('Enter');
    await expect(dialog).toBeVisible();
    await expect(dialog.locator(':focus')).toHaveCount(1);
    await expectAccessible(page);
    if (mistake) {
      await dialog.getByRole('button', { name: mistake }).press('Enter');
      await expect(dialog.locator('.field-error')).toBeVisible();
      await expectAccessible(page);
    }
    if (colorScheme === 'light') await page.keyboard.press('Escape');
    else await dialog.getByRole('button', { name: leave }).press('Enter');
    await expect(dialog).toHaveCount(0);
    await expect(opener).toBeFocused();
  }
}

test('to talk with others', async ({ talk, page }) => {
  const opener = page.getByRole('button', { name: 'Share' });
  await expectGoodManners(talk, { opener, leave: 'Close', mistake: 'Join' });
});

test('of a conversation and its turns', async ({ talk, page }) => {
  await tell(talk);
  const session = page.locator('.session-head');
  const turn = page.locator('[data-turn]').first();
  await expectGoodManners(talk, {
    opener: turn.getByRole('button', { name: 'Redact' }),
    leave: 'Keep it',
    mistake: 'Redact',
  });
  await expectGoodManners(talk, { opener: session.getByRole('button', { name: 'Export' }), leave: 'Close' });
  await expectGoodManners(talk, {
    opener: session.getByRole('button', { name: 'Delete' }),
    leave: 'Keep it',
    mistake: 'Delete',
  });
  await expectGoodManners(talk, { opener: page.getByRole('button', { name: 'Keys' }), leave: 'Close' });
});

test('of prices', async ({ talk, page }) => {
  await talk.open('Settings');
  await expectGoodManners(talk, {
    opener: page.getByRole('button', { name: 'Add a price' }),
    leave: 'Cancel',
    mistake: 'Save',
  });
});

test('before labels would be lost', async ({ talk, page, home }) => {
  const lab = new LabPage(page);
  await lab.openPath(await labelledFolder(home));
  await lab.drag(lab.labels, 100, 400);
  await page.getByRole('button', { name: 'Open other' }).click();
  const path = page.getByLabel('Or a path on this machine');
  await path.fill(home);
  await expectGoodManners(talk, { opener: path, leave: 'Stay here' });
});

test('opened by pointer on Talk and left by Esc: the talk key talks', async ({ talk, page }) => {
  // The second time it is there at once.
  for (const _ of [1, 2]) {
    await page.getByRole('button', { name: 'Share' }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  await talk.hold();
  await page.keyboard.press('Escape');
  await talk.letGo();
  await talk.idle();
});

test('the talk key and the shortcuts of the window wait until it is closed', async ({ talk, page }) => {
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByRole('dialog').getByText('Join a room').click();
  await page.keyboard.press('Alt+2');
  await page.keyboard.down('Space');
  await page.keyboard.up('Space');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect(talk.key).toHaveAttribute('data-mode', 'idle');
  await expect(page).toHaveTitle('Squelch');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+2');
  await expect(page).toHaveTitle('History · Squelch');
});
