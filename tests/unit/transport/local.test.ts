import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LocalTransport } from '../../../src-main/transport/local.ts';
import { type AudioPacket, decodePacket, PACKET_KIND } from '../../../src-preload/audio-packet.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function openWindow(departed: Set<LocalTransport>) {
  const packets: AudioPacket[] = [];
  const transport = new LocalTransport((bytes) => packets.push(decodePacket(bytes) as AudioPacket), departed);
  const heard = (value: number, kind: AudioPacket['kind'] = PACKET_KIND.heard) => {
    const stream = packets.at(-1)?.stream ?? 0;
    transport.receive({ kind, stream, sequence: 0, value, samples: new Int16Array(0) });
  };
  const played = () => packets.flatMap(({ kind, samples }) => (kind === PACKET_KIND.play ? [...samples] : []));
  return { transport, packets, heard, played };
}

const frame = (...samples: number[]) => ({ samples: Int16Array.from(samples), sampleRate: 24_000 });

it('plays on the next window, from its first word, a reply of which nothing was heard', async () => {
  const departed = new Set<LocalTransport>();
  const first = openWindow(departed);
  const playback = first.transport.play();
  playback.write(frame(1, 2));
  first.transport.close();
  playback.write(frame(3));
  const second = openWindow(departed);
  second.transport.takeOver();
  playback.write(frame(4));
  playback.end();
  expect(second.played()).toEqual([1, 2, 3, 4]);
  second.heard(4);
  second.heard(4, PACKET_KIND.done);
  expect(await playback.done).toEqual({ heardSamples: 4, complete: true });
});

it('plays there what begins only after the window went away, and after the one after that', async () => {
  const departed = new Set<LocalTransport>();
  const first = openWindow(departed);
  first.transport.close();
  const second = openWindow(departed);
  second.transport.takeOver();
  second.transport.close();
  const third = openWindow(departed);
  third.transport.takeOver();
  first.transport.play().write(frame(7));
  expect(third.played()).toEqual([7]);
});

it('does not begin again what was heard in part', async () => {
  const departed = new Set<LocalTransport>();
  const first = openWindow(departed);
  const playback = first.transport.play();
  playback.write(frame(1, 2));
  first.heard(1);
  first.transport.close();
  expect(await playback.done).toEqual({ heardSamples: 1, complete: false });
});

it('waits ten seconds for a window, and then for none', async () => {
  const departed = new Set<LocalTransport>();
  const first = openWindow(departed);
  const playback = first.transport.play();
  playback.write(frame(1, 2));
  first.transport.close();
  await vi.advanceTimersByTimeAsync(10_001);
  expect(await playback.done).toEqual({ heardSamples: 0, complete: false });
  expect(await first.transport.play().done).toEqual({ heardSamples: 0, complete: false });
  const late = openWindow(departed);
  late.transport.takeOver();
  expect(late.packets).toEqual([]);
});

it('is silent at once when it is stopped while there is no window', async () => {
  const first = openWindow(new Set());
  const playback = first.transport.play();
  playback.write(frame(1, 2));
  first.transport.close();
  playback.stop();
  expect(await playback.done).toEqual({ heardSamples: 0, complete: false });
});
