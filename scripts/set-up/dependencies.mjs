/**
 * Brings node_modules in step with the lockfile. Whether it is in step is read from npm's own record of what
 * it installed, so that neither a stamp of ours nor a developer's `npm install` can make us believe otherwise.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain, run, SetUpError, say } from './command.mjs';

/** The Node that runs Squelch: the devDependency `node`, the line that Electron embeds. */
export function nodeBinary(root) {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  } catch {
    return null;
  }
}

/** @returns {boolean} whether every package of the lockfile that this platform needs is there in its version. */
function dependenciesAreCurrent(root) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted)
    throw new SetUpError('package-lock.json is missing or damaged: get it back with `git checkout package-lock.json`.');
  if (!installed || !existsSync(nodeBinary(root))) return false;
  return Object.entries(wanted).every(([path, { version, optional, peer, link }]) => {
    if (path === '' || link) return true;
    const found = installed[path];
    return found ? found.version === version : Boolean(optional || peer);
  });
}

/** How to run npm: the one that runs us, else the one on the path. */
export function npmCommand(args) {
  const running = process.env.npm_execpath;
  if (running?.endsWith('.js')) return { file: process.execPath, args: [running, ...args], shell: false };
  return { file: 'npm', args, shell: process.platform === 'win32' };
}

/** @throws {SetUpError} */
export async function installDependencies(root) {
  if (dependenciesAreCurrent(root)) return;
  say('Installing dependencies …');
  const { file, args, shell } = npmCommand(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  const { ok, output } = await run(file, args, { cwd: root, env, shell });
  if (!ok) throw new SetUpError(`Dependencies could not be installed: ${explain(output)}`);
  if (!existsSync(nodeBinary(root))) {
    throw new SetUpError(
      'Dependencies were installed without the `node` package’s binary: allow its install script (`npm install-scripts approve node`), then run `npm ci`.',
    );
  }
}
