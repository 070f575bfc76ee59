import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  beginDraft,
  editLabels,
  isUnsaved,
  type Label,
  type LabelEdit,
} from '../../../../src-renderer/vad-lab/label-editing.ts';

const DURATION = 10_000;
const TWO: readonly Label[] = [
  { startMs: 1_000, endMs: 2_000, text: 'one' },
  { startMs: 3_000, endMs: 4_000, text: 'two' },
];

function edited(...edits: readonly LabelEdit[]) {
  return edits.reduce(editLabels, beginDraft(TWO, DURATION));
}

const times = fc.integer({ min: -500, max: DURATION + 500 });
const edits = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('choose' as const), index: fc.option(fc.nat(3)) }),
    fc.record({ type: fc.constant('add' as const), startMs: times, endMs: times }),
    fc.record({
      type: fc.constant('move' as const),
      index: fc.nat(3),
      edge: fc.constantFrom('start' as const, 'end' as const),
      ms: times,
      gesture: fc.constantFrom('a', 'b'),
    }),
    fc.record({ type: fc.constant('split' as const), ms: times }),
    fc.constantFrom(
      { type: 'merge' as const },
      { type: 'remove' as const },
      { type: 'undo' as const },
      { type: 'redo' as const },
      { type: 'rename' as const, text: 'other' },
    ),
  ),
  { maxLength: 25 },
);

test('whatever is edited, labels stay ordered, disjoint and inside the recording', () => {
  fc.assert(
    fc.property(edits, (made) => {
      const { chosen, labels } = edited(...made);
      let end = 0;
      for (const label of labels) {
        expect(label.startMs).toBeGreaterThanOrEqual(end);
        expect(label.endMs).toBeGreaterThan(label.startMs);
        end = label.endMs;
      }
      expect(end).toBeLessThanOrEqual(DURATION);
      if (chosen !== null) expect(chosen).toBeLessThan(labels.length);
    }),
  );
});

test('all edits can be taken back to what the file holds, and made again', () => {
  fc.assert(
    fc.property(edits, (made) => {
      const draft = edited(...made.filter(({ type }) => type !== 'undo' && type !== 'redo'));
      let back = draft;
      for (let i = 0; i <= made.length; i++) back = editLabels(back, { type: 'undo' });
      expect(back.labels).toBe(TWO);
      expect(isUnsaved(back)).toBe(false);
      let forth = back;
      for (let i = 0; i <= made.length; i++) forth = editLabels(forth, { type: 'redo' });
      expect(forth.labels).toEqual(draft.labels);
    }),
  );
});

test('a boundary that is dragged stops at the neighbour', () => {
  const { labels } = edited({ type: 'move', index: 0, edge: 'end', ms: 3_700, gesture: 'drag' });
  expect(labels[0]?.endMs).toBe(3_000);
});

test('one drag is one thing to take back', () => {
  const moves = [2_100, 2_200, 2_300].map((ms) => ({ type: 'move', index: 0, edge: 'end', ms, gesture: 'd' }) as const);
  const draft = edited(...moves);
  expect(draft.labels[0]?.endMs).toBe(2_300);
  expect(editLabels(draft, { type: 'undo' }).labels).toBe(TWO);
});

test('splitting and merging give back the label', () => {
  const split = edited({ type: 'choose', index: 0 }, { type: 'split', ms: 1_400 });
  expect(split.labels.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [1_000, 1_400],
    [1_400, 2_000],
    [3_000, 4_000],
  ]);
  const merged = [{ type: 'choose', index: 0 }, { type: 'merge' }] as const;
  expect(merged.reduce<typeof split>(editLabels, split).labels[0]).toEqual({
    startMs: 1_000,
    endMs: 2_000,
    text: 'one one',
  });
});

test('a new label takes the room that is free, and is chosen', () => {
  const draft = edited({ type: 'add', startMs: 1_500, endMs: 3_500 });
  expect(draft.labels[1]).toEqual({ startMs: 2_000, endMs: 3_000, text: 'speech' });
  expect(draft.chosen).toBe(1);
  expect(edited({ type: 'add', startMs: 1_200, endMs: 1_500 }).labels).toBe(TWO);
});

test('saving makes the draft what the file holds', () => {
  const draft = edited({ type: 'choose', index: 1 }, { type: 'remove' });
  expect(isUnsaved(draft)).toBe(true);
  expect(isUnsaved(editLabels(draft, { type: 'saved', labels: draft.labels }))).toBe(false);
});
