import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PACKET_KIND, type PacketKind } from '../../../src-preload/audio-packet.ts';
import { JitterBuffer } from '../../../src-renderer/audio/jitter-buffer.ts';

const QUANTUM = 128;

function listen() {
  const reports: { kind: 'heard' | 'done'; stream: number; samples: number; underruns: number }[] = [];
  const rendered: number[] = [];
  const buffer = new JitterBuffer({
    heard: (stream, samples, underruns) => reports.push({ kind: 'heard', stream, samples, underruns }),
    done: (stream, samples, underruns) => reports.push({ kind: 'done', stream, samples, underruns }),
  });
  const send = (kind: PacketKind, stream: number, samples: ArrayLike<number> = []) =>
    buffer.accept({ kind, stream, samples: Int16Array.from(samples) });
  return {
    buffer,
    reports,
    rendered,
    play: (stream: number, samples: ArrayLike<number>) => send(PACKET_KIND.play, stream, samples),
    end: (stream: number) => send(PACKET_KIND.end, stream),
    stop: (stream: number) => send(PACKET_KIND.stop, stream),
    render(quanta: number) {
      const output = new Float32Array(QUANTUM);
      for (let i = 0; i < quanta; i++) {
        buffer.render(output);
        for (const sample of output) rendered.push(Math.round(sample * 32_768));
      }
    },
  };
}

const loud = (length: number) => new Array<number>(length).fill(1_000);

describe('JitterBuffer', () => {
  it('renders every sample in order, whatever the pieces and pauses, and reports exactly that many', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ length: fc.integer({ min: 0, max: 2_000 }), wait: fc.integer({ min: 0, max: 30 }) })),
        (pieces) => {
          const speaker = listen();
          let next = 1;
          for (const { length, wait } of pieces) {
            speaker.play(
              7,
              Array.from({ length }, () => (next++ % 30_000) + 1),
            );
            speaker.render(wait);
          }
          speaker.end(7);
          speaker.render(Math.ceil(next / QUANTUM) + 100);
          const audible = speaker.rendered.filter((sample) => sample !== 0);
          expect(audible).toEqual(Array.from({ length: next - 1 }, (_, index) => ((index + 1) % 30_000) + 1));
          const last = speaker.reports.at(-1);
          expect(last).toMatchObject({ kind: 'done', stream: 7, samples: next - 1 });
          expect(speaker.reports.filter((report) => report.kind === 'done')).toHaveLength(1);
          const heard = speaker.reports.map((report) => report.samples);
          expect(heard).toEqual(heard.toSorted((a, b) => a - b));
        },
      ),
    );
  });

  it('waits for 60 ms of sound before it starts', () => {
    const speaker = listen();
    speaker.play(1, loud(480));
    speaker.render(3);
    speaker.play(1, loud(960));
    speaker.render(1);
    expect(speaker.rendered.slice(0, QUANTUM * 3).every((sample) => sample === 0)).toBe(true);
    expect(speaker.rendered.slice(QUANTUM * 3).every((sample) => sample === 1_000)).toBe(true);
  });

  it('holds no sound back for longer than that, even if no more comes', () => {
    const speaker = listen();
    speaker.play(1, loud(200));
    speaker.render(14);
    expect(speaker.rendered.filter((sample) => sample !== 0)).toHaveLength(200);
  });

  it('starts at once when the whole sound is there', () => {
    const speaker = listen();
    speaker.play(1, loud(100));
    speaker.end(1);
    speaker.render(1);
    expect(speaker.reports).toEqual([{ kind: 'done', stream: 1, samples: 100, underruns: 0 }]);
  });

  it('counts an underrun and waits longer after it', () => {
    const speaker = listen();
    speaker.play(1, loud(1_440));
    speaker.render(13);
    speaker.play(1, loud(1_440));
    speaker.render(1);
    expect(speaker.rendered.at(-1)).toBe(0);
    speaker.play(1, loud(960));
    speaker.render(1);
    expect(speaker.rendered.at(-1)).toBe(1_000);
    speaker.buffer.stop();
    expect(speaker.reports.at(-1)).toMatchObject({ kind: 'done', underruns: 1 });
  });

  it('reports what was heard at most every 50 ms while it plays', () => {
    const speaker = listen();
    speaker.play(1, loud(24_000));
    speaker.render(100);
    const heard = speaker.reports.map((report) => report.samples);
    expect(heard.length).toBe(10);
    expect(heard.every((samples, index) => samples - (heard[index - 1] ?? 0) >= 1_200)).toBe(true);
  });

  it('reports all that was heard when it runs dry: somebody may wait for that before more is said', () => {
    const speaker = listen();
    for (const length of [1_500, 100]) {
      speaker.play(1, loud(length));
      speaker.render(60);
    }
    expect(speaker.reports.map(({ kind, samples }) => [kind, samples])).toEqual([
      ['heard', 1_280],
      ['heard', 1_500],
      ['heard', 1_600],
    ]);
  });

  it('stops at once with a fade of 5 ms, which it counts', () => {
    const speaker = listen();
    speaker.play(1, loud(24_000));
    speaker.render(10);
    speaker.buffer.stop();
    expect(speaker.reports.at(-1)).toEqual({ kind: 'done', stream: 1, samples: 1_280 + 120, underruns: 0 });
    speaker.render(2);
    const tail = speaker.rendered.slice(QUANTUM * 10);
    expect(tail.slice(0, 120)).toEqual(tail.slice(0, 120).toSorted((a, b) => b - a));
    expect(tail.slice(119).every((sample) => sample === 0)).toBe(true);
  });

  it('drops what still comes for a stream that was stopped, and says done only once', () => {
    const speaker = listen();
    speaker.play(1, loud(4_800));
    speaker.render(5);
    speaker.buffer.stop();
    speaker.play(1, loud(4_800));
    speaker.end(1);
    speaker.stop(1);
    speaker.render(50);
    expect(speaker.reports.filter((report) => report.kind === 'done')).toHaveLength(1);
    expect(speaker.buffer.active).toBe(false);
  });

  it('answers an end or a stop of a stream that never had sound', () => {
    const speaker = listen();
    speaker.end(1);
    speaker.stop(2);
    expect(speaker.reports).toEqual([
      { kind: 'done', stream: 1, samples: 0, underruns: 0 },
      { kind: 'done', stream: 2, samples: 0, underruns: 0 },
    ]);
  });

  it('gives way to a new stream', () => {
    const speaker = listen();
    speaker.play(1, loud(4_800));
    speaker.render(1);
    speaker.play(2, loud(4_800));
    expect(speaker.reports.at(-1)).toMatchObject({ kind: 'done', stream: 1, samples: QUANTUM + 120 });
    speaker.end(2);
    speaker.render(60);
    expect(speaker.reports.at(-1)).toMatchObject({ kind: 'done', stream: 2, samples: 4_800 });
  });

  it('is silent about a stream whose sender is gone, and plays the same number again', () => {
    const speaker = listen();
    speaker.play(1, loud(4_800));
    speaker.render(1);
    speaker.buffer.reset();
    speaker.render(1);
    expect(speaker.reports).toEqual([]);
    speaker.play(1, loud(100));
    speaker.end(1);
    speaker.render(1);
    expect(speaker.reports).toEqual([{ kind: 'done', stream: 1, samples: 100, underruns: 0 }]);
  });
});
