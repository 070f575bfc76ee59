/** Where this installation has what only the hosts need: the built window and its preload. */
import { dirname, join } from 'node:path';
import { findInstallation } from '../app/installation.ts';

const { version, models, presets } = findInstallation();
const root = dirname(models);

export const INSTALLATION = {
  root,
  version,
  /** Weights and their manifest. */
  models,
  /** Shipped presets of voice detection. */
  presets,
  /** The built window. */
  window: join(root, 'out', 'renderer'),
  /** The built preload. */
  preload: join(root, 'out', 'preload', 'index.cjs'),
} as const;
