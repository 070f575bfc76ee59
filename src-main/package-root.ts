/** Where Squelch itself is installed: the folder of package.json, from the sources as well as from the bundle. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findPackageRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`No package.json above ${import.meta.dirname}`);
    folder = parent;
  }
  return folder;
}

export const PACKAGE_ROOT = findPackageRoot();
