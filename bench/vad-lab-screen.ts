/**
 * One hour of sound in the VAD Lab, in Chromium: scrubbed, zoomed, and segmented anew by a slider that moves with every
 * frame. Printed are the frames that were dropped; and in the same run those of an empty page, and of one that does
 * nothing but draw as much on canvases of the same size, for that is what the browser itself can do here.
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

/** A column for each pixel, on every row. */
const DRAW = `(i) => {
  for (const canvas of document.querySelectorAll('canvas')) {
    const context = canvas.getContext('2d');
    context.clearRect(0, 0, canvas.width, canvas.height);
    for (let x = 0; x < canvas.width; x++) {
      const height = canvas.height * Math.abs(Math.sin((x + i) / 40));
      context.fillRect(x, (canvas.height - height) / 2, 1, height);
    }
  }
}`;

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

const bare = await browser.newPage({ viewport: { width: 1_440, height: 900 } });

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

const sizes = await page
  .locator('.row-canvas')
  .evaluateAll((rows) => rows.map((row) => [row.clientWidth, row.clientHeight] as const));
await bare.bringToFront();
await bare.setContent('<div></div>');
const floor = await frames(bare, '() => {}');
report('an empty page', floor);
await bare.setContent(sizes.map(([width, height]) => `<canvas width=${width} height=${height}></canvas>`).join(''));
report('a page that only draws as much', await frames(bare, DRAW));
await page.bringToFront();
const both = `(i) => { (${slide(0)})(i); (${scrub(x, y)})(i); }`;
report('nothing moves', await frames(page, '() => {}'));
report('a slider moves with every frame', await frames(page, slide(0)));
report('scrubbed from end to end, zoomed in', await frames(page, scrub(x, y)));
report('scrubbed and zoomed while a slider moves', await frames(page, both));
await page.getByRole('button', { name: 'Spectrogram' }).click();
report('the same with the spectrogram', await frames(page, both));
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

/** A frame is dropped where one takes the time of two, as the empty page has them. */
function report(what: string, times: readonly number[]): void {
  const frame = quantile([...floor], 0.5);
  const dropped = times.reduce((sum, ms) => sum + Math.max(0, Math.round(ms / frame) - 1), 0);
  const [median, p99] = [0.5, 0.99].map((share) => quantile([...times], share).toFixed(1));
  console.log(`${what.padEnd(42)} dropped ${dropped} of ${times.length}; median ${median} ms, p99 ${p99} ms`);
}
