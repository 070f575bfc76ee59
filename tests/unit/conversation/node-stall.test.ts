import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runNode } from '../../../src-main/conversation/hooks.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = new AbortController().signal;
async function* stuck(): AsyncGenerator<string, void> {
  await new Promise(() => {});
}

function watch(inputEnded?: Promise<unknown>) {
  const node = runNode('sttNode', stuck, () => null, never, inputEnded);
  let outcome: unknown = 'waiting';
  node.next().catch((thrown: unknown) => {
    outcome = thrown;
  });
  return () => outcome;
}

it('names a node that yields nothing for a minute', async () => {
  const outcome = watch();
  await vi.advanceTimersByTimeAsync(59_000);
  expect(outcome()).toBe('waiting');
  await vi.advanceTimersByTimeAsync(2_000);
  expect(outcome()).toMatchObject({ code: 'node-stalled' });
});

it('lets a node be silent for as long as its input goes on', async () => {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const outcome = watch(ended);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(outcome()).toBe('waiting');
  end();
  await vi.advanceTimersByTimeAsync(61_000);
  expect(outcome()).toMatchObject({ code: 'node-stalled' });
});
