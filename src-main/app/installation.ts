/** Where Squelch itself is installed, found from this file upwards: the same in the sources and in a bundle. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Installation {
  readonly version: string;
  /** Folder of the voice detector's manifest and weights. */
  readonly models: string;
  /** Folder of the shipped presets of voice detection. */
  readonly presets: string;
}

export function findInstallation(): Installation {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'models', 'manifest.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('models/manifest.json is missing from this installation');
    folder = parent;
  }
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { version, models: join(folder, 'models'), presets: join(folder, 'resources', 'vad-presets') };
}
