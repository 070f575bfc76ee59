/** The peer's packages, kept apart from Squelch's own: installed beside this file when somebody needs them. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PEER_FOLDER = fileURLToPath(new URL('.', import.meta.url));

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/**
 * Installs them, unless they are there.
 * @param compared with those of the comparison without a room, too. @throws when they can't be had
 */
export function installPeer({ compared = false } = {}): void {
  if (isInstalled(compared)) return;
  console.error('Installing the peer …');
  execFileSync('npm', ['ci', compared ? '--include=dev' : '--omit=dev', '--loglevel=error'], {
    cwd: PEER_FOLDER,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  });
}

function isInstalled(compared: boolean): boolean {
  const installed = packagesOf('node_modules/.package-lock.json');
  return Object.entries(packagesOf('package-lock.json')).every(([path, { version, dev, optional }]) => {
    if (path === '' || (dev && !compared)) return true;
    const found = installed[path];
    return found ? found.version === version : optional;
  });
}

/** By npm's own record. */
function packagesOf(record: string): Record<string, Locked> {
  try {
    return JSON.parse(readFileSync(new URL(record, import.meta.url), 'utf8')).packages;
  } catch {
    return {};
  }
}
