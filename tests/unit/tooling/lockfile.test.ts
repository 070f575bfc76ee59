import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

interface Locked {
  readonly integrity?: string;
  readonly link?: boolean;
}

it.each(['package-lock.json', 'bench/peer-livekit/package-lock.json'])(
  '%s knows the bytes of every package, those of other platforms too, so that none can be exchanged',
  (lock) => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, lock), 'utf8')) as { packages: Record<string, Locked> };
    const unknown = Object.entries(packages).filter(([path, { integrity, link }]) => path && !link && !integrity);
    expect(unknown.map(([path]) => path)).toEqual([]);
  },
);
