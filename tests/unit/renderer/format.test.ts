import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatClock,
  formatCost,
  formatDay,
  formatFigure,
  formatMoment,
  formatSeconds,
  formatShare,
  keyName,
} from '../../../src-renderer/i18n/format.ts';

describe('the words for numbers', () => {
  it.each([
    [0, '0 s'],
    [0.4, '1 ms'],
    [9.4, '9 ms'],
    [9.6, '0.01 s'],
    [842, '0.84 s'],
    [9_994, '9.99 s'],
    [9_996, '10.0 s'],
    [59_940, '59.9 s'],
    [59_960, '1:00'],
    [125_000, '2:05'],
  ])('%i ms is %s', (ms, text) => expect(formatSeconds(ms)).toBe(text));

  it.each([
    [0.12345, 3, '0.123'],
    [1_250, 0, '1,250'],
    [12.25, 1, '12.3'],
  ] as const)('%d with %i decimals is %s', (value, decimals, text) => expect(formatFigure(value, decimals)).toBe(text));

  it.each([
    [0.937, 1, '93.7%'],
    [0.5, 0, '50%'],
    [1, 1, '100.0%'],
  ] as const)('a share of %d is %s', (share, decimals, text) => expect(formatShare(share, decimals)).toBe(text));

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
    [0.0996, '$0.10'],
    [0.1, '$0.10'],
    [1.2, '$1.20'],
    [1_204.5, '$1,204.50'],
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

  it('names a moment by its day and time', () => {
    expect(formatMoment(new Date().setHours(9, 5))).toBe('Today 09:05');
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
