/**
 * How soon Squelch can be used: the core from its first import until a key press opens a turn, beside a Node that
 * only loads the native modules; and the window in Chromium until its key can be pressed, with the size of its bundle.
 *
 *   npm run bench:start
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { createApp } from '../src-main/app.ts';
import { serveBrowser } from '../src-main/hosts/browser/serve.ts';
import { createMemorySecretStore } from '../src-main/settings/secrets.ts';
import { quantile } from './quantile.ts';

const RUNS = 9;
const root = fileURLToPath(new URL('..', import.meta.url));

/** As the set-up has it: what Node makes of the sources is kept from the first start on. */
const compiled = mkdtempSync(join(tmpdir(), 'squelch-bench-'));
const env = { ...process.env, NODE_COMPILE_CACHE: compiled };

function time(script: string): number[] {
  spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, env });
  return Array.from({ length: RUNS }, () => {
    const startedAt = performance.now();
    const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, env });
    if (status !== 0) throw new Error(stderr.toString());
    return performance.now() - startedAt;
  });
}

const floor = time(
  `await Promise.all([import('better-sqlite3'), import('onnxruntime-node'), import('openai'), import('zod')])`,
);
const core = time(`
  import { mkdtempSync, rmSync } from 'node:fs';
  import { createApp } from './src-main/app.ts';
  import { createMemorySecretStore } from './src-main/settings/secrets.ts';
  const home = mkdtempSync('/tmp/squelch-bench-');
  const environment = { OPENAI_API_KEY: 'bench' };
  const app = await createApp({ home, host: 'cli', secrets: createMemorySecretStore(), environment });
  const window = app.connect({ event() {}, packet() {} });
  await window.invoke('talk.press', { takeId: 1, input: { deviceLabel: null, processing: [] } });
  rmSync(home, { recursive: true });
  process.exit();
`);
const p50 = (values: number[]) => quantile(values, 0.5);
console.log(
  `process start until a key press opened a turn: p50 ${p50(core).toFixed(0)} ms, p95 ${quantile(core, 0.95).toFixed(0)} ms`,
);
console.log(
  `a Node that only loads the same packages:      p50 ${p50(floor).toFixed(0)} ms   ratio ${(p50(core) / p50(floor)).toFixed(2)}`,
);

const window = join(root, 'out', 'renderer');
if (!existsSync(window)) throw new Error('The window is not built: npm run build');
let raw = 0;
let zipped = 0;
// What the page itself names; the rest is loaded when it is needed.
for (const [, name] of readFileSync(join(window, 'index.html'), 'utf8').matchAll(
  /"\.\/(assets\/[^"]+\.(?:js|css))"/g,
)) {
  const bytes = readFileSync(join(window, name as string));
  raw += bytes.length;
  zipped += gzipSync(bytes).length;
}
console.log(
  `the window's scripts and styles at its start: ${(raw / 1024).toFixed(0)} KiB, ${(zipped / 1024).toFixed(0)} KiB gzipped`,
);

const home = mkdtempSync(join(tmpdir(), 'squelch-bench-'));
const app = await createApp({ home, host: 'browser', secrets: createMemorySecretStore(), environment: {} });
const host = await serveBrowser({ app, windowFolder: join(root, 'out', 'renderer'), port: 0 });
const browser = await chromium.launch({ executablePath: process.env.SQUELCH_CHROMIUM ?? '/usr/bin/chromium' });
const usable: number[] = [];
const painted: number[] = [];
for (let run = 0; run < RUNS; run++) {
  const page = await browser.newPage();
  await page.goto(host.issueLink());
  await page.locator('[data-talk-key][data-mode=idle]').waitFor();
  usable.push(await page.evaluate(() => performance.now()));
  painted.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0));
  await page.close();
}
console.log(
  `the window in Chromium until its key can be pressed: p50 ${p50(usable).toFixed(0)} ms; first paint ${p50(painted).toFixed(0)} ms`,
);
await browser.close();
await host.close();
await app.close();
rmSync(home, { recursive: true });
rmSync(compiled, { recursive: true });
