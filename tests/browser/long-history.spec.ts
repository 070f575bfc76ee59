/** History with 100,000 turns, and with thousands in one conversation, shows what it shows with ten; how smoothly is measured by bench/history.ts. */
import { makeLongLog } from '../support/long-log.ts';
import { expect, type TalkPage, test } from './fixtures.ts';

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
    const list = page.getByRole('navigation', { name: 'Conversations' });
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

  test('all are selected, also those that were never shown, and exported in one file', async ({ talk, page }) => {
    await talk.open('History');
    await page.locator('[data-row] .panes-row').first().focus();
    await page.keyboard.press('Control+a');
    await expect(page.getByText('10,000 conversations selected')).toBeVisible({ timeout: 60_000 });
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog', { name: 'Export 10,000 conversations' });
    await dialog.getByLabel('Format').selectOption('CSV, one turn a row');
    await dialog.getByRole('button', { name: 'Export' }).click();
    await expect(dialog.getByText('Written to')).toBeVisible({ timeout: 90_000 });
  });

  test('scrolling never shows a gap', async ({ talk, page }) => {
    await talk.open('History');
    const list = page.getByRole('navigation', { name: 'Conversations' });
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

test.describe('2,500 turns in one conversation', () => {
  const TURNS = 2_500;
  test.describe.configure({ timeout: 120_000 });
  test.beforeEach(({ home }) => makeLongLog(home, { sessions: 2, turns: TURNS }));

  const open = async (talk: TalkPage) => {
    const { page } = talk;
    await talk.open('History');
    await page.locator('[data-row] .panes-row').first().click();
    await expect(page.getByRole('article').first()).toContainText('Question 0');
    return page.getByRole('region', { name: 'Conversation' });
  };
  const focused = (talk: TalkPage) => talk.page.locator('[data-turn]:focus');

  test('few of them are in the page, and keys go from turn to turn and to both ends', async ({ talk, page }) => {
    await open(talk);
    await page.locator('[data-turn]').first().focus();
    for (let step = 1; step <= 40; step++) {
      await page.keyboard.press('ArrowDown');
      await expect(focused(talk)).toHaveAccessibleName(new RegExp(`, ${step + 1} of 2,500$`));
    }
    await expect(focused(talk)).toContainText('Question 40');
    await page.keyboard.press('End');
    await expect(focused(talk)).toContainText(`Question ${TURNS - 1}`);
    await expect(focused(talk)).toBeInViewport();
    expect(await page.getByRole('article').count()).toBeLessThan(60);
    await page.keyboard.press('ArrowUp');
    await expect(focused(talk)).toContainText(`Question ${TURNS - 2}`);
    await page.keyboard.press('Home');
    await expect(focused(talk)).toContainText('Question 0');
    await expect(focused(talk)).toBeInViewport();
  });

  test('keys go on from the turn that has the focus, however far it was scrolled away', async ({ talk, page }) => {
    const script = await open(talk);
    await page.locator('[data-turn]').first().focus();
    await script.evaluate((element) => {
      element.scrollTop = element.scrollHeight / 2;
    });
    await expect(focused(talk)).not.toBeInViewport();
    await expect(focused(talk)).toContainText('Question 0');
    await page.keyboard.press('ArrowDown');
    await expect(focused(talk)).toContainText('Question 1');
    await expect(focused(talk)).toBeInViewport();
  });

  test('a turn that a search found is brought into sight', async ({ talk, page }) => {
    await talk.open('History');
    await page.getByRole('searchbox', { name: 'Search' }).fill('"Question 1234"');
    await page.getByRole('navigation', { name: 'Found' }).getByRole('button').first().click();
    await expect(page.locator('[data-found="true"]')).toContainText('Question 1234');
    await expect(page.locator('[data-found="true"]')).toBeInViewport();
  });

  test('scrolling shows no gap, and nothing jumps where heights were only guessed', async ({ talk }) => {
    const script = await open(talk);
    const trouble = await script.evaluate(async (element) => {
      // Until it is painted: what is measured is put right just before.
      const painted = () =>
        new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))));
      const { left, top, width, height } = element.getBoundingClientRect();
      const middle = () =>
        document.elementFromPoint(left + width / 2, top + height / 2)?.closest<HTMLElement>('[data-turn]') ?? null;
      const found: string[] = [];
      element.scrollTop = element.scrollHeight / 2;
      await painted();
      for (const step of [...Array(80).fill(-200), ...Array(80).fill(200)]) {
        const seen = middle();
        if (!seen) found.push('a gap');
        const before = seen?.getBoundingClientRect().top ?? 0;
        element.scrollTop += step;
        await painted();
        const moved = (seen?.getBoundingClientRect().top ?? 0) - before;
        if (seen?.isConnected && Math.abs(moved + step) > 2) found.push(`${step} moved it ${moved}`);
      }
      return found;
    });
    expect(trouble).toEqual([]);
  });
});

test.describe('300 turns in one conversation', () => {
  const TURNS = 300;
  test.describe.configure({ timeout: 120_000 });
  test.beforeEach(({ home }) => makeLongLog(home, { sessions: 2, turns: TURNS }));

  test('all of it is printed, and nothing else', async ({ talk, page }) => {
    await talk.open('History');
    await page.locator('[data-row] .panes-row').first().click();
    await expect(page.getByRole('article').first()).toContainText('Question 0');
    expect(await page.getByRole('article').count()).toBeLessThan(60);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    await expect(page.getByRole('article')).toHaveCount(TURNS);
    await expect(page.getByRole('navigation')).toHaveCount(0);
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await expect.poll(() => page.getByRole('article').count()).toBeLessThan(60);
  });
});
