/** Finds a Chromium for the browser tests: Playwright's own, one that is installed, or else one that can be fetched. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { run, SetUpError, say } from './command.mjs';
import { nodeBinary } from './dependencies.mjs';

const LIMIT_MS = 300_000;
const REMEMBER_MS = 24 * 3600 * 1000;

const INSTALLED = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
};

/** Playwright's own browser, wherever this machine keeps it. */
function playwrightBrowser(root) {
  return createRequire(join(root, 'package.json'))('@playwright/test').chromium.executablePath();
}

function installedBrowser() {
  return INSTALLED[process.platform]?.find((path) => existsSync(path));
}

/** Debian's package, where we may install it. */
async function installFromDebian(root) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  say('Installing Debian’s Chromium …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { cwd: root, env, limitMs: LIMIT_MS });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { cwd: root, env });
}

/** The download is no npm package: many machines with a registry can't reach it, so a failure is remembered. */
async function download(root) {
  const stamp = join(root, '.setup', 'chromium-failed');
  const failedAt = existsSync(stamp) ? Number(readFileSync(stamp, 'utf8')) : 0;
  if (Date.now() - failedAt < REMEMBER_MS) return;
  say('Fetching Chromium …');
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const { ok } = await run(nodeBinary(root), [cli, 'install', 'chromium'], { cwd: root, limitMs: LIMIT_MS });
  if (ok) return;
  mkdirSync(join(root, '.setup'), { recursive: true });
  writeFileSync(stamp, String(Date.now()));
}

/** @returns {Promise<string>} the browser's executable. @throws {SetUpError} */
export async function findChromium(root) {
  const look = () => (existsSync(playwrightBrowser(root)) ? playwrightBrowser(root) : installedBrowser());
  if (!look()) await download(root);
  if (!look()) await installFromDebian(root);
  const found = look();
  if (found) return found;
  throw new SetUpError(
    'The browser tests need Chromium or Chrome, and none could be fetched: install one and run `npm test` again.',
  );
}
