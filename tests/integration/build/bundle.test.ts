/** What the build promises about its output; `npm test` builds before it tests. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const OUT = join(import.meta.dirname, '../../../out');
const read = (...path: string[]) => readFileSync(join(OUT, ...path), 'utf8');
/** Of a package: static, or dynamic with a literal name. */
const IMPORT = /^(?:import|export)\b(?:[^;\n]*\bfrom)?\s*["']([^"'.][^"']*)["']|\bimport\(["']([^"'.][^"']*)["']\)/gm;
const { dependencies } = JSON.parse(readFileSync(join(OUT, '../package.json'), 'utf8'));

describe('the preload', () => {
  const code = read('preload', 'index.cjs');

  test('is one file that requires electron alone, as a sandboxed preload must', () => {
    expect(readdirSync(join(OUT, 'preload'))).toEqual(['index.cjs']);
    expect([...code.matchAll(/require\(["']([^"']+)["']\)/g)].map(([, name]) => name)).toEqual(['electron']);
    expect(code).not.toMatch(/^import /m);
  });

  test('knows no schemas', () => {
    expect(code.length).toBeLessThan(4_000);
  });
});

describe('the core', () => {
  test('imports electron, Node and what is installed with it, nothing else', () => {
    const files = readdirSync(join(OUT, 'main'));
    const imported = files.flatMap((file) =>
      [...read('main', file).matchAll(IMPORT)].map(([, from, dynamic]) => from ?? dynamic ?? ''),
    );
    const packages = imported
      .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name))
      .map((name) =>
        name
          .split('/')
          .slice(0, name.startsWith('@') ? 2 : 1)
          .join('/'),
      );
    expect([...new Set(packages)].filter((name) => name !== 'electron' && !(name in dependencies))).toEqual([]);
  });

  test('has every worker thread beside it', () => {
    const code = read('main', 'index.js');
    const workers = [...code.matchAll(/["']\.\/([\w-]+-worker)\.(?:js|ts)["']/g)].map(([, name]) => `${name}.js`);
    expect(workers.length).toBeGreaterThan(0);
    for (const worker of workers) expect(existsSync(join(OUT, 'main', worker)), worker).toBe(true);
  });
});

describe('the window', () => {
  test('loads its own files alone: nothing inline, nothing from elsewhere', () => {
    const page = read('renderer', 'index.html');
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bon\w+=|https?:/);
    for (const file of readdirSync(join(OUT, 'renderer', 'assets')).filter((name) => name.endsWith('.css'))) {
      expect(read('renderer', 'assets', file)).not.toMatch(/url\((?:["'])?(?:data:font|https?:)/);
    }
  });

  test('has no schemas in it', () => {
    for (const file of readdirSync(join(OUT, 'renderer', 'assets')).filter((name) => name.endsWith('.js'))) {
      expect(read('renderer', 'assets', file), file).not.toContain('_zod');
    }
  });
});
