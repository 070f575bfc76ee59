import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const LOCK = join(import.meta.dirname, '../../../package-lock.json');

interface Locked {
  readonly integrity?: string;
  readonly link?: boolean;
}

it('knows the bytes of every package, those of other platforms too, so that none can be exchanged', () => {
  const { packages } = JSON.parse(readFileSync(LOCK, 'utf8')) as { packages: Record<string, Locked> };
  const unknown = Object.entries(packages).filter(([path, { integrity, link }]) => path && !link && !integrity);
  expect(unknown.map(([path]) => path)).toEqual([]);
});
