/** Whether Electron itself can be started here. The package is not asked: that would try to download the binary. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
const PACKAGE = join(ROOT, 'node_modules', 'electron');

function findBinary(): string | null {
  const pathFile = join(PACKAGE, 'path.txt');
  const binary = existsSync(pathFile) && join(PACKAGE, 'dist', readFileSync(pathFile, 'utf8'));
  return binary && existsSync(binary) ? binary : null;
}

export const ELECTRON = findBinary();

/** null when Electron can open a window here. */
export const WHY_NO_ELECTRON =
  ELECTRON === null
    ? 'Electron’s binary is not installed'
    : process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY
      ? 'there is no display for Electron'
      : null;
