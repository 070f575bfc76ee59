/** `npm start`: sets up what is missing, then opens the window, or serves the browser host where it can't. */
import { join } from 'node:path';
import { fail, runInForeground, say } from './set-up/command.mjs';
import { findElectron } from './set-up/electron.mjs';
import { ROOT, setUp } from './set-up/index.mjs';

/** A window that closes sooner than this with an error never opened. */
const OPENED_MS = 5_000;

async function openWindow(binary, args) {
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const startedAt = Date.now();
  const status = await runInForeground(binary, [ROOT, ...args], { env });
  return { status, opened: status === 0 || Date.now() - startedAt > OPENED_MS };
}

async function start(args) {
  const node = await setUp({ window: true });
  const inBrowser = args.includes('--browser');
  const others = args.filter((arg) => arg !== '--browser');
  if (!inBrowser) {
    let { binary, reason } = await findElectron(ROOT);
    if (binary) {
      const { status, opened } = await openWindow(binary, others);
      if (opened) return status;
      reason = `Electron ended at once with status ${status}`;
    }
    say(`Squelch opens in your browser: ${reason}.`);
  }
  return runInForeground(node, [join(ROOT, 'src-main/hosts/cli/index.ts'), 'serve', ...others]);
}

start(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
}, fail);
