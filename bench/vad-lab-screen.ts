/**
 * One hour of sound in the VAD Lab, in Chromium: scrubbed, zoomed, and segmented anew by a slider that moves with every
 * frame, beside an empty page in the same run. Printed are the frames that were dropped on each.
 *
 *   npm run bench:vad-lab-screen
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from '@playwright/test';
import { createApp } from '../src-main/app.ts';
import { encodeWav } from '../src-main/audio/wav.ts';
import { serveBrowser } from '../src-main/hosts/browser/serve.ts';
import { createMemorySecretStore } from '../src-main/settings/secrets.ts';
import { quantile } from './quantile.ts';

const RATE = 16_000;
const HOUR_SAMPLES = 3_600 * RATE;
const FRAMES = 600;
const SPEECH = fileURLToPath(new URL('../tests/support/audio/speech.wav', import.meta.url));
const windowFolder = fileURLToPath(new URL('../out/renderer', import.meta.url));

const home = mkdtempSync(join(tmpdir(), 'squelch-bench-'));
const recording = join(home, 'hour.wav');
const clip = new Int16Array(new Uint8Array(readFileSync(SPEECH).subarray(44)).buffer);
/** The clip and a pause. */
const PERIOD = clip.length + 1.2 * RATE;
// Each time a little quieter or louder, so that the model does not hear the same.
const hour = Int16Array.from({ length: HOUR_SAMPLES }, (_, i) => {
  const loudness = 0.3 + 0.7 * Math.abs(Math.sin(Math.floor(i / PERIOD)));
  return (clip[i % PERIOD] ?? 0) * loudness + ((i * 7_919) % 41) - 20;
});
writeFileSync(recording, encodeWav(hour, RATE));

const app = await createApp({ home, host: 'browser', secrets: createMemorySecretStore(), environment: {} });
const host = await serveBrowser({ app, windowFolder, port: 0 });
const browser = await chromium.launch({ executablePath: process.env.SQUELCH_CHROMIUM ?? '/usr/bin/chromium' });
const page = await browser.newPage({ viewport: { width: 1_440, height: 900 } });

const empty = await browser.newPage({ viewport: { width: 1_440, height: 900 } });
await empty.setContent('<div></div>');

await page.goto(host.issueLink());
await page.getByRole('button', { name: 'VAD Lab' }).click();
await page.getByLabel('Or a path on this machine').fill(recording);
await page.keyboard.press('Enter');
const opened = performance.now();
await page.getByRole('img', { name: /^Yours: \d+ segments?$/ }).waitFor({ timeout: 150_000 });
console.log(`an hour is read, measured and drawn after ${((performance.now() - opened) / 1000).toFixed(1)} s`);
console.log(await page.getByRole('img', { name: /^Yours/ }).getAttribute('aria-label'));

const timeline = await page.locator('[data-row=sound] canvas').boundingBox();
if (!timeline) throw new Error('The timeline is not on the screen');
const [x, y] = [timeline.x + timeline.width / 2, timeline.y + timeline.height / 2];

await empty.bringToFront();
const floor = await frames(empty, '() => {}');
await page.bringToFront();
report('nothing moves', await frames(page, '() => {}'), floor);
report('a slider moves with every frame', await frames(page, slide(0)), floor);
report('scrubbed from end to end, zoomed in', await frames(page, scrub(x, y)), floor);
report(
  'scrubbed and zoomed while a slider moves',
  await frames(page, `(i) => { (${slide(0)})(i); (${scrub(x, y)})(i); }`),
  floor,
);
await page.getByRole('button', { name: 'Spectrogram' }).click();
report('the same with the spectrogram', await frames(page, `(i) => { (${slide(0)})(i); (${scrub(x, y)})(i); }`), floor);
await browser.close();
await host.close();
await app.close();
rmSync(home, { recursive: true });

/** Moves the slider of the threshold to and fro, as a hand would: through its events. */
function slide(index: number): string {
  return `(i) => {
    const slider = document.querySelectorAll('.parameter-slider')[${index}];
    const value = String((0.5 + 0.4 * Math.sin(i / 20)).toFixed(2));
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(slider, value);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  }`;
}

/** The wheel over the timeline: in, then along, then out again. */
function scrub(clientX: number, clientY: number): string {
  return `(i) => {
    const phase = i % 200;
    const wheel = phase < 40 ? { deltaY: -60 } : phase < 160 ? { deltaX: phase < 100 ? 90 : -90 } : { deltaY: 60 };
    document.querySelector('[data-row=sound] canvas').dispatchEvent(
      new WheelEvent('wheel', { ...wheel, clientX: ${clientX}, clientY: ${clientY}, bubbles: true, cancelable: true }),
    );
  }`;
}

/** @param move source text of what is done before each frame. @returns the milliseconds of each frame */
function frames(on: Page, move: string): Promise<number[]> {
  return on.evaluate(`(async () => {
    const move = ${move};
    const times = [];
    await new Promise(requestAnimationFrame);
    let last = performance.now();
    for (let frame = 0; frame < ${FRAMES}; frame++) {
      move(frame);
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      times.push(now - last);
      last = now;
    }
    return times;
  })()`);
}

/** A frame is dropped where one takes the time of two. */
function report(what: string, times: readonly number[], floor: readonly number[]): void {
  const frame = quantile([...floor], 0.5);
  const dropped = (all: readonly number[]) => all.reduce((sum, ms) => sum + Math.max(0, Math.round(ms / frame) - 1), 0);
  console.log(
    `${what}: dropped ${dropped(times)} of ${times.length} frames (empty page ${dropped(floor)}); ` +
      `median ${quantile([...times], 0.5).toFixed(1)} ms (${frame.toFixed(1)}), p99 ${quantile([...times], 0.99).toFixed(1)} ms (${quantile([...floor], 0.99).toFixed(1)})`,
  );
}
