/** `npm run -s squelch -- …`: the command line from a checkout, set up first if need be. */

import { fail, runInForeground } from './set-up/command.mjs';
import { setUp } from './set-up/index.mjs';

const COMMAND_LINE = new URL('../src-main/hosts/cli/index.ts', import.meta.url);
const args = process.argv.slice(2);

try {
  const node = await setUp({ window: args[0] === 'serve' });
  // Node 24 runs the sources as they are; an older one only got us here.
  if (process.versions.node.startsWith('24.')) await import(COMMAND_LINE.href);
  else process.exitCode = await runInForeground(node, [new URL(COMMAND_LINE).pathname, ...args]);
} catch (error) {
  fail(error);
}
