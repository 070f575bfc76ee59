/** History with 100,000 turns: as quick and as smooth as with ten. */
import { makeLongLog } from '../support/long-log.ts';
import { expect, test } from './fixtures.ts';

const SESSIONS = 10_000;

test.describe('100,000 turns', () => {
  // Automatic, so that the log is there before the host opens it.
  test.beforeEach(({ home }) => makeLongLog(home, { sessions: SESSIONS, turns: 10 }));

  test('the list opens at once, holds few rows, and goes to its very end', async ({ talk, page }) => {
    test.setTimeout(120_000);
    const before = Date.now();
    await talk.open('History');
    const list = page.getByRole('navigation', { name: 'Sessions' });
    const rows = list.getByRole('button');
    await expect(rows.first()).toBeVisible();
    expect(Date.now() - before).toBeLessThan(1_500);

    await rows.first().focus();
    const height = () => list.evaluate((element) => element.scrollHeight);
    for (let known = 0; known < (await height()); ) {
      known = await height();
      await page.keyboard.press('End');
      await page.waitForTimeout(60);
      await expect(list.locator('[data-row] button:focus')).toHaveCount(1);
    }
    expect(await height()).toBeGreaterThan(SESSIONS * 56);
    expect(await rows.count()).toBeLessThan(80);

    await page.keyboard.press('Enter');
    await expect(page.getByRole('article')).toHaveCount(10);
    await expect(page.getByRole('article').last()).toContainText('Question 9');
  });

  test('scrolling drops no more than single frames', async ({ talk, page }) => {
    await talk.open('History');
    const list = page.getByRole('navigation', { name: 'Sessions' });
    await expect(list.getByRole('button').first()).toBeVisible();
    const frames = await list.evaluate(async (element) => {
      const times: number[] = [];
      let last = performance.now();
      for (let frame = 0; frame < 180; frame++) {
        element.scrollTop += 240;
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        times.push(now - last);
        last = now;
      }
      return times.sort((a, b) => a - b);
    });
    expect(frames[90], 'milliseconds of the median frame').toBeLessThan(34);
    expect(frames[170], 'milliseconds of the slowest frames').toBeLessThan(100);
  });
});
