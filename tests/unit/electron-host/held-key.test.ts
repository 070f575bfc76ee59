import { expect, test } from 'vitest';
import { HeldKey } from '../../../src-main/hosts/electron/held-key.ts';

const conversation = (takeId: number | null) => ({
  sessionId: 's',
  phase: 'recording',
  turnId: 't',
  takeId,
  locked: false,
});

test('knows the take that is being recorded, and since when', async () => {
  const key = new HeldKey();
  expect(key.release()).toBeNull();
  key.watch('conversation.changed', conversation(7));
  await new Promise((resolve) => setTimeout(resolve, 30));
  key.watch('conversation.changed', conversation(7));
  key.watch('turn.changed', { takeId: 9 });
  expect(key.release()).toEqual({ takeId: 7, heldMs: expect.any(Number), lost: true });
  expect(key.release()?.heldMs).toBeGreaterThanOrEqual(25);
});

test('forgets it when the microphone is no longer wanted', () => {
  const key = new HeldKey();
  key.watch('conversation.changed', conversation(7));
  key.watch('conversation.changed', conversation(null));
  expect(key.release()).toBeNull();
});
