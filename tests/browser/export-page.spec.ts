/** The page in an exported bundle: opened from its folder, with no network and no Squelch, it reads and plays. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test as base, expect } from '@playwright/test';
import { unzipSync } from 'fflate';
import { squelch } from '../support/squelch-command.ts';
import { expectAccessible } from './accessible.ts';

/** Folder of an unpacked bundle of two conversations. */
const test = base.extend<{ bundle: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
  bundle: async ({}, use) => {
    const home = await mkdtemp(join(tmpdir(), 'squelch-bundle-'));
    for (const words of ['Hello <b>there</b>', '你好，世界']) {
      expect((await squelch(['talk', '--text', words, '--home', home])).status).toBe(0);
    }
    const sessions = (await squelch(['sessions', '--json', '--home', home])).json() as { id: string }[];
    const out = join(home, 'bundle.zip');
    const ids = sessions.map(({ id }) => id);
    const exported = await squelch(['sessions', 'export', ...ids, '--format', 'zip', '--out', out, '--home', home]);
    expect(exported.status, exported.stderr).toBe(0);
    const folder = join(home, 'unpacked');
    await mkdir(folder);
    for (const [name, bytes] of Object.entries(unzipSync(await readFile(out)))) {
      await writeFile(join(folder, name), bytes);
    }
    await use(folder);
    await rm(home, { recursive: true, force: true });
  },
});

test.describe.configure({ timeout: 90_000 });

test('reads, plays from a click and marks the turn that plays, without a network', async ({
  bundle,
  page,
  context,
}) => {
  await context.setOffline(true);
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => request.url().startsWith('file:') || problems.push(request.url()));
  await page.goto(pathToFileURL(join(bundle, 'index.html')).href);

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('2 conversations');
  const turns = page.getByRole('article');
  await expect(turns).toHaveCount(2);
  await expect(turns.first()).toContainText('Hello <b>there</b>');
  await expect(turns.nth(1)).toContainText('你好，世界');

  const time = () => page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.currentTime);
  const startMs = Number(await turns.nth(1).getAttribute('data-start'));
  expect(startMs).toBeGreaterThan(1_000);
  await turns.nth(1).getByRole('button').click();
  await expect.poll(time).toBeGreaterThan(startMs / 1000 + 0.1);
  await expect(turns.nth(1)).toHaveAttribute('aria-current', 'true');
  await expect(turns.first()).not.toHaveAttribute('aria-current');
  const durationSeconds = await page.locator('audio').evaluate((audio: HTMLAudioElement) => audio.duration);
  const [last] = JSON.parse(await readFile(join(bundle, 'sessions.json'), 'utf8')).sessions.slice(-1);
  expect(durationSeconds * 1000).toBeGreaterThan(last.timeline.startMs + last.timeline.durationMs - 50);
  expect(problems).toEqual([]);
});

test('is accessible, light and dark', async ({ bundle, page }) => {
  await page.goto(pathToFileURL(join(bundle, 'index.html')).href);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
});
