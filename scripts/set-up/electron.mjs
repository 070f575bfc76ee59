/**
 * Finds out whether Electron can open a window here, fetching its binary if need be. That download is not
 * an npm package, so many machines with a registry can't reach it: a failure is remembered for a day.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, say } from './command.mjs';
import { nodeBinary } from './dependencies.mjs';

const LIMIT_MS = 180_000;
const REMEMBER_MS = 24 * 3600 * 1000;

/** @returns {string | null} Electron's executable, if it is there. */
function electronBinary(root) {
  const folder = join(root, 'node_modules', 'electron');
  try {
    const path = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'));
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

function whyNoDisplay() {
  if (process.platform !== 'linux') return null;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'there is no display';
  if (process.getuid?.() === 0) return 'Electron does not run as root';
  return null;
}

async function fetchBinary(root) {
  const stamp = join(root, '.setup', 'electron-failed');
  const failedAt = existsSync(stamp) ? Number(readFileSync(stamp, 'utf8')) : 0;
  if (Date.now() - failedAt < REMEMBER_MS) return;
  say('Fetching Electron …');
  const installer = join(root, 'node_modules', 'electron', 'install.js');
  const { ok } = await run(nodeBinary(root), [installer], { cwd: root, limitMs: LIMIT_MS });
  mkdirSync(join(root, '.setup'), { recursive: true });
  if (ok) rmSync(stamp, { force: true });
  else writeFileSync(stamp, String(Date.now()));
}

/** @returns {Promise<{ binary: string | null, reason: string }>} the reason is why there is no binary to start. */
export async function findElectron(root) {
  const reason = whyNoDisplay();
  if (reason) return { binary: null, reason };
  if (!electronBinary(root)) await fetchBinary(root);
  return {
    binary: electronBinary(root),
    reason: 'Electron’s binary could not be downloaded (delete .setup/electron-failed to try again)',
  };
}
