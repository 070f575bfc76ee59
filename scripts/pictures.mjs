/** `npm run pictures`: makes the pictures of docs/images anew, from the app as it is. */
import { join } from 'node:path';
import { findChromium } from './set-up/chromium.mjs';
import { fail, runInForeground } from './set-up/command.mjs';
import { ROOT, setUp } from './set-up/index.mjs';

async function pictures() {
  const node = await setUp({ window: true });
  const playwright = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js');
  const env = { ...process.env, SQUELCH_CHROMIUM: await findChromium(ROOT), SQUELCH_PICTURES: '1' };
  return runInForeground(node, [playwright, 'test', '--project=pictures'], { cwd: ROOT, env });
}

pictures().then((status) => {
  process.exitCode = status;
}, fail);
