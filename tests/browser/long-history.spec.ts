/** History with 100,000 turns shows what it shows with ten; how smoothly is measured by bench/history.ts. */
import { makeLongLog } from '../support/long-log.ts';
import { expect, test } from './fixtures.ts';

const SESSIONS = 10_000;
/** One an hour: with a heading for each of at least so many days. */
const WHOLE_HEIGHT = SESSIONS * 56 + Math.floor(SESSIONS / 24) * 40;

test.describe('100,000 turns', () => {
  // Writing so many takes its time.
  test.describe.configure({ timeout: 120_000 });
  // Automatic, so that the log is there before the host opens it.
  test.beforeEach(({ home }) => makeLongLog(home, { sessions: SESSIONS, turns: 10 }));

  test('the list holds few rows and goes to its very end', async ({ talk, page }) => {
    await talk.open('History');
    const list = page.getByRole('navigation', { name: 'Sessions' });
    const rows = list.getByRole('button');
    await expect(rows.first()).toBeVisible();

    await rows.first().focus();
    const height = () => list.evaluate((element) => element.scrollHeight);
    await expect(async () => {
      await page.keyboard.press('End');
      await expect(list.locator('[data-row] button:focus')).toHaveCount(1);
      expect(await height()).toBeGreaterThanOrEqual(WHOLE_HEIGHT);
    }).toPass({ intervals: [60], timeout: 90_000 });
    // The last page may have come after the last press.
    await page.keyboard.press('End');
    await expect(rows.last()).toBeFocused();
    expect(await rows.count()).toBeLessThan(80);

    await page.keyboard.press('Enter');
    await expect(page.getByRole('article')).toHaveCount(10);
    await expect(page.getByRole('article').last()).toContainText('Question 9');
  });

  test('scrolling never shows a gap', async ({ talk, page }) => {
    await talk.open('History');
    const list = page.getByRole('navigation', { name: 'Sessions' });
    await expect(list.getByRole('button').first()).toBeVisible();
    const gaps = await list.evaluate(async (element) => {
      let missing = 0;
      for (let frame = 0; frame < 120; frame++) {
        element.scrollTop += 240;
        await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        const { left, top, height } = element.getBoundingClientRect();
        const middle = document.elementFromPoint(left + 40, top + height / 2);
        if (!middle?.closest('li, h2, h3')) missing += 1;
      }
      return missing;
    });
    expect(gaps).toBe(0);
  });
});
