/**
 * What a fresh clone lacks, put in place: dependencies, the model's weights, the build. Plain JavaScript on any
 * Node from 20, because it runs before anything is installed; the second time it only looks, in well under a second.
 */
import { fileURLToPath } from 'node:url';
import { buildWindow } from './build.mjs';
import { SetUpError } from './command.mjs';
import { keepCompiled } from './compile-cache.mjs';
import { installDependencies, nodeBinary } from './dependencies.mjs';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const OLDEST_NODE = 20;

/**
 * @param {{ window: boolean }} parts whether the window is needed too.
 * @returns {Promise<string>} the Node binary to run Squelch with.
 * @throws {SetUpError}
 */
export async function setUp({ window }) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new SetUpError(`Squelch needs Node ${OLDEST_NODE} or newer to set itself up; this is ${process.version}.`);
  }
  keepCompiled(ROOT);
  await installDependencies(ROOT);
  // Not at the top: it may need what was just installed.
  const { installWeights } = await import('../weights.mjs');
  try {
    await installWeights(ROOT);
  } catch (error) {
    throw new SetUpError(`The speech model could not be installed: ${error.message}`);
  }
  if (window) await buildWindow(ROOT);
  return nodeBinary(ROOT);
}
