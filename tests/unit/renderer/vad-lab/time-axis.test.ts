import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  msAt,
  revealing,
  scrolled,
  showing,
  type TimeAxis,
  ticksOf,
  wholeAxis,
  xAt,
  zoomed,
} from '../../../../src-renderer/vad-lab/time-axis.ts';

const HOUR = 3_600_000;
const extents = fc.record({
  durationMs: fc.integer({ min: 100, max: HOUR }),
  width: fc.integer({ min: 200, max: 3_000 }),
});

function expectInside(axis: TimeAxis, { durationMs, width }: { durationMs: number; width: number }) {
  expect(axis.startMs).toBeGreaterThanOrEqual(0);
  expect(msAt(axis, width)).toBeLessThanOrEqual(durationMs + 1e-6);
}

test('the whole recording fills the width', () => {
  const axis = wholeAxis({ durationMs: HOUR, width: 1_000 });
  expect(xAt(axis, 0)).toBe(0);
  expect(xAt(axis, HOUR)).toBe(1_000);
});

test('what is under the pointer stays there while zooming in', () => {
  const extent = { durationMs: HOUR, width: 1_000 };
  const axis = wholeAxis(extent);
  const before = msAt(axis, 400);
  const closer = zoomed(axis, 8, 400, extent);
  expect(msAt(closer, 400)).toBeCloseTo(before, 6);
  expect(closer.msPerPixel).toBeCloseTo(axis.msPerPixel / 8, 9);
});

test('no zooming and scrolling leads out of the recording', () => {
  const moves = fc.array(
    fc.oneof(
      fc.record({ factor: fc.double({ min: 0.05, max: 20, noNaN: true }), x: fc.integer({ min: 0, max: 3_000 }) }),
      fc.record({ pixels: fc.integer({ min: -5_000, max: 5_000 }) }),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(extents, moves, (extent, made) => {
      let axis = wholeAxis(extent);
      for (const move of made) {
        axis =
          'factor' in move
            ? zoomed(axis, move.factor, Math.min(move.x, extent.width), extent)
            : scrolled(axis, move.pixels, extent);
        expectInside(axis, extent);
      }
    }),
  );
});

test('a stretch that is to be seen is in sight afterwards, and nothing moves when it was', () => {
  const places = fc.record({
    zoom: fc.double({ min: 1, max: 500, noNaN: true }),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.double({ min: 0, max: 1, noNaN: true }),
    seen: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(extents, places, (extent, { zoom, at, length, seen }) => {
      const start = at * extent.durationMs;
      const end = start + length * (extent.durationMs - start);
      const closer = scrolled(zoomed(wholeAxis(extent), zoom, 0, extent), seen * extent.width * zoom, extent);
      for (const axis of [revealing(closer, start, end, extent), showing(start, end, extent)]) {
        expectInside(axis, extent);
        expect(xAt(axis, start)).toBeGreaterThanOrEqual(-1e-3);
        expect(xAt(axis, end)).toBeLessThanOrEqual(extent.width + 1e-3);
      }
      const shown = revealing(closer, start, end, extent);
      expect(revealing(shown, start, end, extent)).toEqual(shown);
    }),
  );
});

test('ticks stand at round times and far enough apart to be read', () => {
  const axis = { startMs: 61_500, msPerPixel: 10 };
  const { at, stepMs } = ticksOf(axis, 1_000);
  expect(stepMs).toBe(1_000);
  expect(at[0]).toBe(61_000);
  expect(at.at(-1)).toBe(71_000);
});
