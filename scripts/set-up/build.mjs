/** Builds the window, the preload and Electron's entry, but only when something they are made of has changed. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, SetUpError, say } from './command.mjs';
import { nodeBinary } from './dependencies.mjs';

const SOURCES = [
  'src-main',
  'src-preload',
  'src-renderer',
  'electron.vite.config.ts',
  'package-lock.json',
  'tsconfig.json',
];

function digest(root) {
  const hash = createHash('sha256');
  const take = (path) => {
    if (statSync(join(root, path)).isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) take(join(path, name));
    } else {
      hash
        .update(`${path}\0`)
        .update(readFileSync(join(root, path)))
        .update('\0');
    }
  };
  for (const path of SOURCES) take(path);
  return hash.digest('hex');
}

/** @throws {SetUpError} */
export async function buildWindow(root) {
  const stamp = join(root, '.setup', 'build');
  const current = digest(root);
  if (existsSync(join(root, 'out', 'renderer', 'index.html')) && existsSync(stamp)) {
    if (readFileSync(stamp, 'utf8') === current) return;
  }
  say('Building …');
  const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const { ok, output } = await run(nodeBinary(root), [electronVite, 'build', '--logLevel', 'warn'], { cwd: root });
  if (!ok) throw new SetUpError(`Squelch could not be built.\n${output.trim()}`);
  mkdirSync(join(root, '.setup'), { recursive: true });
  writeFileSync(stamp, current);
}
