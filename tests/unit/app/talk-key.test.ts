import { describe, expect, it } from 'vitest';
import { TalkKey } from '../../../src-main/app/rooms/talk-key.ts';

describe('the key of a room', () => {
  it('is held by one, and refused to the others until they let go', () => {
    const key = new TalkKey(() => 'refuse');
    expect(key.press('anna')).toBe('granted');
    expect(key.press('anna')).toBe('held');
    expect(key.press('ben')).toBe('refused');
    expect(key.leave('ben'), 'ben never held it').toBe(false);
    expect(key.holder).toBe('anna');
    expect(key.leave('anna')).toBe(true);
    expect(key.press('ben')).toBe('granted');
  });

  it('goes to those who wait, in their order, before anybody else', () => {
    const key = new TalkKey(() => 'queue');
    key.press('anna');
    expect([key.press('ben'), key.press('carla'), key.press('ben')]).toEqual(['queued', 'queued', 'queued']);
    expect(key.queue).toEqual(['ben', 'carla']);
    key.leave('anna');
    expect(key.press('anna'), 'ben is first').toBe('queued');
    expect(key.press('ben')).toBe('granted');
    expect(key.queue).toEqual(['carla', 'anna']);
  });

  it('forgets whoever leaves the queue', () => {
    const key = new TalkKey(() => 'queue');
    key.press('anna');
    key.press('ben');
    key.press('carla');
    key.leave('ben');
    key.leave('anna');
    expect(key.queue).toEqual(['carla']);
  });
});
