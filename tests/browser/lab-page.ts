/** The VAD Lab as a person uses it. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { test as base, expect } from './fixtures.ts';

const SPEECH = join(import.meta.dirname, '../support/audio/speech.wav');

const SPEECH_MS = 2_430;

/** A folder with the same speech twice, and labels beside it that are a little late. @returns its path */
export async function labelledFolder(home: string): Promise<string> {
  const folder = join(home, 'recordings');
  await mkdir(folder);
  for (const name of ['first', 'second']) {
    await copyFile(SPEECH, join(folder, `${name}.wav`));
    await writeFile(join(folder, `${name}.txt`), '0.60\t1.30\thold the key\n1.65\t2.30\tand speak\n');
  }
  return folder;
}

export class LabPage {
  readonly page: Page;
  readonly threshold: Locator;
  readonly summary: Locator;
  /** The row of them. */
  readonly labels: Locator;

  constructor(page: Page) {
    this.page = page;
    this.labels = page.locator('[data-row=labels] canvas');
    this.threshold = page.getByRole('tabpanel').getByRole('slider', { name: 'Threshold', exact: true });
    this.summary = page.locator('.summary-figures');
  }

  async openPath(path: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'VAD Lab' }).click();
    await this.page.getByLabel('Or a path on this machine').fill(path);
    await this.page.keyboard.press('Enter');
    await this.ready();
  }

  /** Waits until a recording is loaded and segmented. */
  async ready(): Promise<void> {
    await expect(this.lane('Yours')).toBeVisible({ timeout: 20_000 });
    await expect(this.summary).not.toBeEmpty();
  }

  lane(name: string): Locator {
    return this.page.getByRole('img', { name: new RegExp(`^${name}: \\d+ segments?$`) });
  }

  async segments(name = 'Yours'): Promise<number> {
    const told = await this.lane(name).getAttribute('aria-label');
    return Number(/\d+/.exec(told ?? '')?.[0]);
  }

  async panel(name: 'Settings' | 'Labels' | 'Scores' | 'Tune' | 'Listen'): Promise<void> {
    await this.page.getByRole('tab', { name }).click();
  }

  /** In a row, from one time to another; the whole recording of 2,430 ms must be in sight. */
  async drag(row: Locator, fromMs: number, toMs: number): Promise<void> {
    const box = await row.boundingBox();
    if (!box) throw new Error('The row is not on the screen');
    const x = (ms: number) => box.x + (ms / SPEECH_MS) * box.width;
    const y = box.y + box.height / 2;
    await this.page.mouse.move(x(fromMs), y);
    await this.page.mouse.down();
    await this.page.mouse.move(x(toMs), y, { steps: 6 });
    await this.page.mouse.up();
  }

  async setThreshold(value: number): Promise<void> {
    await this.threshold.focus();
    await this.threshold.fill(String(value));
  }
}

export const test = base.extend<{ lab: LabPage }>({
  // The page is open by then.
  lab: async ({ talk }, use) => use(new LabPage(talk.page)),
});
