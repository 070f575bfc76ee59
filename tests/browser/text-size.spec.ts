/** A larger font of the user's: every text follows it, and nothing is lost beside or below. */
import type { Page } from '@playwright/test';
import { expect, type TalkPage, test } from './fixtures.ts';

const SCREENS = ['Talk', 'History', 'Agents', 'VAD Lab', 'Settings'] as const;

test.use({ providerOptions: { reply: 'Take a coat with you.' } });

/** As in the browser's own settings. */
async function setFontSize(page: Page, standard: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Page.enable');
  await devtools.send('Page.setFontSizes', { fontSizes: { standard } });
}

/** What can't be seen, because it is wider than its place and nothing scrolls. */
function hidden(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, input, select, summary, h1, h2, h3, p, dt, dd, a, label')]
      .filter((element) => element.checkVisibility() && !element.closest('.visually-hidden, .header-skip'))
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        return width > 1 && (left < -1 || right > innerWidth + 1);
      })
      .map((element) => `${element.tagName} ${element.className} ${element.textContent?.slice(0, 40)}`),
  );
}

async function openEach(talk: TalkPage, look: (screen: string) => Promise<void>): Promise<void> {
  for (const screen of SCREENS) {
    await talk.open(screen);
    await expect(talk.page.getByRole('heading', { level: 2 }).first()).toBeAttached();
    await look(screen);
  }
}

for (const [width, height] of [
  [1_280, 800],
  [640, 800],
] as const) {
  test(`twice as large, in a window of ${width} px`, async ({ talk, page }) => {
    await page.setViewportSize({ width, height });
    await talk.type('What is the weather?');
    await talk.idle();
    const size = () =>
      talk
        .lastTurn()
        .locator('[data-said=agent]')
        .evaluate((said) => getComputedStyle(said).fontSize);
    expect(await size()).toBe('17px');
    await setFontSize(page, 32);
    await expect.poll(size).toBe('34px');
    await openEach(talk, async (screen) => {
      expect.soft(await hidden(page), screen).toEqual([]);
    });
    await talk.open('History');
    const list = page.getByRole('navigation', { name: 'Conversations' });
    const rows = await list.locator('ul').boundingBox();
    const reserved = await list.locator('.session-list-all').boundingBox();
    expect(reserved?.height).toBe(rows?.height);
  });
}
