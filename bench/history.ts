/**
 * History with 100,000 turns in Chromium: until its list is there, and the frames while it is scrolled, beside an
 * empty page that only scrolls.
 *
 *   npm run bench:history
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import { createApp } from '../src-main/app.ts';
import { serveBrowser } from '../src-main/hosts/browser/serve.ts';
import { createMemorySecretStore } from '../src-main/settings/secrets.ts';
import { makeLongLog } from '../tests/support/long-log.ts';
import { quantile } from './quantile.ts';

const FRAMES = 180;
const windowFolder = fileURLToPath(new URL('../out/renderer', import.meta.url));

const home = mkdtempSync(join(tmpdir(), 'squelch-bench-'));
makeLongLog(home, { sessions: 10_000, turns: 10 });
const app = await createApp({ home, host: 'browser', secrets: createMemorySecretStore(), environment: {} });
const host = await serveBrowser({ app, windowFolder, port: 0 });
const browser = await chromium.launch({ executablePath: process.env.SQUELCH_CHROMIUM ?? '/usr/bin/chromium' });
const page = await browser.newPage();
await page.setContent('<div id="list" style="height:600px;overflow:auto"><div style="height:600000px"></div></div>');
const floor = await scroll(page, '#list');

await page.goto(host.issueLink());
const opened = performance.now();
await page.getByRole('button', { name: 'History', exact: true }).click();
await page.locator('[data-row]').first().waitFor();
console.log(`the list of 10,000 conversations is there after ${(performance.now() - opened).toFixed(0)} ms`);
const frames = await scroll(page, 'nav[aria-label=Sessions]');
for (const [name, share] of [
  ['median', 0.5],
  ['p95', 0.95],
] as const) {
  const [ours, least] = [quantile(frames, share), quantile(floor, share)];
  console.log(
    `${name} frame while scrolling ${ours.toFixed(1)} ms; an empty page ${least.toFixed(1)} ms; ratio ${(ours / least).toFixed(2)}`,
  );
}
await browser.close();
await host.close();
await app.close();
rmSync(home, { recursive: true });

/** Scrolls in the page, which has types of its own. @returns the milliseconds of each frame */
function scroll(on: Page, selector: string): Promise<number[]> {
  return on.evaluate(`(async () => {
    const element = document.querySelector(${JSON.stringify(selector)});
    const times = [];
    let last = performance.now();
    for (let frame = 0; frame < ${FRAMES}; frame++) {
      element.scrollTop += 240;
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      times.push(now - last);
      last = now;
    }
    return times;
  })()`);
}
