import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isWindowUrl, windowFile } from '../../../src-main/hosts/electron/window-url.ts';

describe('the window’s origin', () => {
  test.each(['squelch://app', 'squelch://app/', 'squelch://app/index.html?x#y'])('%s is ours', (url) => {
    expect(isWindowUrl(url)).toBe(true);
  });

  test.each([
    'squelch://app.evil/',
    'squelch://evil/',
    'squelch://app:80/',
    'squelch://user@app/',
    'squelch://user:word@app/',
    'squelch:app',
    'https://app/',
    'http://squelch//app',
    'file:///squelch://app/',
    'about:blank',
    'null',
    '',
    undefined,
  ])('%s is not', (url) => {
    expect(isWindowUrl(url)).toBe(false);
  });
});

describe('the window’s files', () => {
  const folder = join('/', 'opt', 'squelch', 'out', 'renderer');

  test.each([
    ['/', 'index.html'],
    ['/index.html', 'index.html'],
    ['/assets/a%20b.js', 'assets/a b.js'],
    ['/assets/../index.html', 'index.html'],
  ])('%s is %s', (pathname, file) => {
    expect(windowFile(folder, pathname)).toBe(join(folder, file));
  });

  test.each([
    '/..%2findex.html',
    '/../main/index.js',
    '/%2e%2e/%2e%2e/package.json',
    '/..%2frenderer-old/x.js',
    '/a%00.js',
    '/%',
    '/%ff',
    '/..',
    '/.',
  ])('%s leads out or nowhere', (pathname) => {
    expect(windowFile(folder, pathname)).toBeNull();
  });
});
