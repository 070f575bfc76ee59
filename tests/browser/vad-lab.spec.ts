/** The VAD Lab: a recording is seen and heard, settings are tried on it, and put to use. */
import { speech } from '../support/speech.ts';
import { expectAccessible } from './accessible.ts';
import { test as base, expect } from './fixtures.ts';
import { LabPage, labelledFolder } from './lab-page.ts';

const test = base.extend<{ lab: LabPage }>({
  // The page is open by then.
  lab: async ({ talk }, use) => use(new LabPage(talk.page)),
});

test.describe.configure({ timeout: 60_000 });

test.describe('with a provider', () => {
  test.use({ providerOptions: { transcript: 'One, two, three', reply: 'Four.' } });

  test('a turn of History is opened, and what is found there is used in the next turn', async ({ lab, talk, page }) => {
    const said = await speech('One. Two. Three. This is the lab.');
    await talk.say(said);
    await talk.idle();
    await talk.open('History');
    await page.getByRole('navigation', { name: 'Sessions' }).getByRole('button').first().click();
    await page.getByRole('button', { name: 'Open in VAD Lab' }).click();
    await lab.ready();
    await expect(page.getByRole('heading', { name: 'One, two, three' })).toHaveCount(1);
    expect(await lab.segments()).toBeGreaterThan(0);

    await page.getByRole('slider', { name: 'Shortest speech' }).fill('1000');
    await page.getByRole('slider', { name: 'Shortest pause' }).fill('40');
    await lab.setThreshold(0.99);
    await expect(lab.lane('Yours')).toHaveAttribute('aria-label', 'Yours: 0 segments');
    await page.getByRole('button', { name: 'Use these settings' }).click();
    await expect(page.getByText('In use from the next turn.')).toBeVisible();

    await talk.open('Talk');
    await talk.say(said);
    await talk.idle();
    await expect(talk.lastTurn()).toHaveAttribute('data-outcome', 'no-speech');
  });
});

test('segments follow a slider, and a threshold that is dragged or moved by keyboard', async ({ lab, page, home }) => {
  await lab.openPath(await labelledFolder(home));
  const before = (await lab.summary.textContent()) ?? '';
  await lab.setThreshold(0.99);
  await expect(lab.summary).not.toHaveText(before);
  await page.getByRole('button', { name: 'Undo changes' }).click();
  await expect(lab.summary).toHaveText(before);

  const line = page.getByRole('region', { name: 'Timeline' }).getByRole('slider', { name: 'Threshold', exact: true });
  await line.focus();
  await page.keyboard.press('ArrowUp');
  await expect(line).toHaveAttribute('aria-valuetext', '0.51');
  await page.keyboard.press('End');
  await expect(lab.threshold).toHaveValue('0.99');
  const box = await line.boundingBox();
  if (!box) throw new Error('The line is not on the screen');
  await page.mouse.move(box.x + 100, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 100, box.y + 100, { steps: 5 });
  await page.mouse.up();
  expect(Number(await lab.threshold.inputValue())).toBeLessThan(0.8);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } });

    test('every panel is accessible', async ({ lab, talk, page, home }, testInfo) => {
      test.slow();
      const picture = async (name: string) => {
        await expectAccessible(page);
        await page.screenshot({ path: testInfo.outputPath(`${name}-${colorScheme}.png`) });
      };
      await talk.open('VAD Lab');
      await expect(page.getByText('None recorded yet.')).toBeVisible();
      await picture('empty');
      await lab.openPath(await labelledFolder(home));
      await page.getByRole('checkbox', { name: 'LiveKit' }).check();
      await expect(lab.lane('LiveKit')).toBeVisible();
      for (const panel of ['Settings', 'Labels', 'Scores', 'Tune', 'Listen'] as const) {
        await lab.panel(panel);
        await picture(panel.toLowerCase());
      }
    });
  });
}
