/** `npm test`: sets up what is missing, then checks the sources and runs every test; stops at the first step that fails. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './set-up/chromium.mjs';
import { fail, runInForeground, say } from './set-up/command.mjs';
import { npmCommand } from './set-up/dependencies.mjs';
import { ROOT, setUp } from './set-up/index.mjs';

const VITEST_REPORT = join(ROOT, '.setup', 'vitest.json');
const PLAYWRIGHT_REPORT = join(ROOT, '.setup', 'playwright.json');

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** One line over both runners, for people and for scripts. */
function totals() {
  const vitest = readReport(VITEST_REPORT);
  const stats = readReport(PLAYWRIGHT_REPORT)?.stats;
  const passed = (vitest?.numPassedTests ?? 0) + (stats?.expected ?? 0) + (stats?.flaky ?? 0);
  const failed = (vitest?.numFailedTests ?? 0) + (stats?.unexpected ?? 0);
  const skipped = (vitest?.numPendingTests ?? 0) + (vitest?.numTodoTests ?? 0) + (stats?.skipped ?? 0);
  if (stats?.flaky) say(`${stats.flaky} passed only at the second try.`);
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

async function test() {
  const node = await setUp({ window: true });
  const chromium = await findChromium(ROOT);
  rmSync(VITEST_REPORT, { force: true });
  rmSync(PLAYWRIGHT_REPORT, { force: true });
  const bin = (name) => join(ROOT, 'node_modules', ...name.split('/'));
  const npm = npmCommand(['run', '-s', 'check']);
  const steps = [
    ['npm run check', npm.file, npm.args, {}],
    [
      'vitest',
      node,
      [bin('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${VITEST_REPORT}`],
      {},
    ],
    [
      'playwright',
      node,
      [bin('@playwright/test/cli.js'), 'test', '--reporter=list,json'],
      { PLAYWRIGHT_JSON_OUTPUT_FILE: PLAYWRIGHT_REPORT, SQUELCH_CHROMIUM: chromium },
    ],
  ];
  for (const [name, file, args, extra] of steps) {
    const status = await runInForeground(file, args, { cwd: ROOT, env: { ...process.env, ...extra } });
    if (status === 0) continue;
    say(`\n${name} failed.`);
    if (name !== 'npm run check') say(totals());
    return 1;
  }
  process.stdout.write(`\n${totals()}\n`);
  return 0;
}

test().then((status) => {
  process.exitCode = status;
}, fail);
