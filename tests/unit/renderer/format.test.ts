import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatClock,
  formatCost,
  formatDay,
  formatSeconds,
  keyName,
} from '../../../src-renderer/i18n/format.ts';

describe('the words for numbers', () => {
  it.each([
    [0, '0.00 s'],
    [842, '0.84 s'],
    [9_994, '9.99 s'],
    [9_996, '10.0 s'],
    [59_940, '59.9 s'],
    [59_960, '0:59'],
    [125_000, '2:05'],
  ])('%i ms is %s', (ms, text) => expect(formatSeconds(ms)).toBe(text));

  it.each([
    [4_999, '0:04'],
    [750_000, '12:30'],
    [3_723_000, '1:02:03'],
  ])('%i ms on a clock is %s', (ms, text) => expect(formatClock(ms)).toBe(text));

  it.each([
    [0, '$0'],
    [0.0000001, '<$0.000001'],
    [0.000421, '$0.00042'],
    [0.0131, '$0.013'],
    [0.1, '$0.10'],
    [1.2, '$1.20'],
  ])('%d dollars are %s', (dollars, text) => expect(formatCost(dollars)).toBe(text));

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [640_000, '640 kB'],
    [999_600, '1.0 MB'],
    [12_345_678, '12.3 MB'],
    [2e12, '2.0 TB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('names days by their distance', () => {
    const now = new Date(2026, 10, 20, 0, 30).getTime();
    expect(formatDay(now, now)).toBe('Today');
    expect(formatDay(new Date(2026, 10, 19, 23, 59).getTime(), now)).toBe('Yesterday');
    expect(formatDay(new Date(2026, 10, 16).getTime(), now)).toBe('Mon 16 Nov');
    expect(formatDay(new Date(2025, 10, 16).getTime(), now)).toBe('Sun 16 Nov 2025');
  });

  it.each([
    ['Space', 'Space'],
    ['KeyT', 'T'],
    ['Digit4', '4'],
    ['ControlRight', 'Right Ctrl'],
    ['F13', 'F13'],
    ['Backquote', '`'],
    ['Numpad0', 'Num 0'],
  ])('the key %s is called %s', (code, name) => expect(keyName(code)).toBe(name));
});
