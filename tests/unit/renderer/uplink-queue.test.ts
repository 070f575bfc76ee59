import { describe, expect, test } from 'vitest';
import { UplinkQueue } from '../../../src-renderer/rooms/uplink-queue.ts';

/** Frames of 20 ms whose samples are numbered from 1, so that each can be told from every other. */
function frames(count: number, first = 1): Int16Array[] {
  return Array.from({ length: count }, (_, frame) =>
    Int16Array.from({ length: 480 }, (_, sample) => first + frame * 480 + sample),
  );
}

function render(queue: UplinkQueue, samples: number): number[] {
  const rendered: number[] = [];
  for (let done = 0; done < samples; done += 128) {
    const output = new Float32Array(128);
    queue.render(output);
    rendered.push(...Array.from(output, (sample) => Math.round(sample * 32_768)));
  }
  return rendered;
}

const all = (count: number) => Array.from({ length: count * 480 }, (_, index) => index + 1);

describe('sound on its way into a room', () => {
  test('waits from its first sample until it is let in, and leaves in order, whole', () => {
    const played: number[] = [];
    const queue = new UplinkQueue((takeId) => played.push(takeId));
    for (const frame of frames(5)) queue.push(7, frame);
    expect(render(queue, 1_280).every((sample) => sample === 0)).toBe(true);
    queue.play(7);
    queue.end(7);
    expect(render(queue, 3_000).filter((sample) => sample !== 0)).toEqual(all(5));
    expect(played).toEqual([7]);
  });

  test('what a lost connection may have swallowed is played again from the beginning', () => {
    const queue = new UplinkQueue(() => {});
    for (const frame of frames(5)) queue.push(7, frame);
    queue.play(7);
    render(queue, 640);
    queue.pause();
    expect(render(queue, 640).every((sample) => sample === 0)).toBe(true);
    queue.end(7);
    queue.play(7);
    expect(render(queue, 3_000).filter((sample) => sample !== 0)).toEqual(all(5));
  });

  test('a frame that comes late leaves a gap, and loses nothing', () => {
    const played: number[] = [];
    const queue = new UplinkQueue((takeId) => played.push(takeId));
    for (const frame of frames(3)) queue.push(7, frame);
    queue.play(7);
    const before = render(queue, 2_560);
    for (const frame of frames(3, 3 * 480 + 1)) queue.push(7, frame);
    queue.end(7);
    const after = render(queue, 2_560);
    expect([...before, ...after].filter((sample) => sample !== 0)).toEqual(all(6));
    expect(before.at(-1)).toBe(0);
    expect(played).toEqual([7]);
  });

  test('a take that is dropped is not heard', () => {
    const queue = new UplinkQueue(() => {});
    for (const frame of frames(5)) queue.push(7, frame);
    queue.play(7);
    queue.drop(7);
    expect(render(queue, 1_280).every((sample) => sample === 0)).toBe(true);
  });
});
