import { expect, test } from 'vitest';
import type { VadSourceView } from '../../../../src-preload/vad-lab-contract.ts';
import { carriedOver } from '../../../../src-renderer/vad-lab/carried-over.ts';
import { beginDraft, editLabels } from '../../../../src-renderer/vad-lab/label-editing.ts';

const source = (...recordings: readonly (readonly [name: string, audioSha256: string])[]) =>
  ({
    recordings: recordings.map(([name, audioSha256], i) => ({ id: String(i), name, audioSha256, labels: null })),
  }) as unknown as VadSourceView;

const edited = editLabels(beginDraft([], 5_000), { type: 'add', startMs: 100, endMs: 900 });

test('what was drawn follows a recording to its new place, and it stays chosen', () => {
  const before = { source: source(['a', '1'], ['b', '2']), chosenId: '1', drafts: new Map([['1', edited]]) };
  const after = carriedOver(before, source(['new', '9'], ['a', '1'], ['b', '2']));
  expect(after.chosenId).toBe('2');
  expect(after.drafts.get('2')).toBe(edited);
  expect([...after.drafts.values()].map(({ labels }) => labels.length)).toEqual([0, 0, 1]);
});

test('a recording that is another one now has nothing of what was drawn on it', () => {
  const before = { source: source(['a', '1']), chosenId: '0', drafts: new Map([['0', edited]]) };
  const after = carriedOver(before, source(['a', 'other sound']));
  expect(after.chosenId).toBeNull();
  expect(after.drafts.get('0')?.labels).toEqual([]);
});
