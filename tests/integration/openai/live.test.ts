import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type AudioFrame, concatSamples } from '../../../src-main/audio/frame.ts';
import { segmentedStt } from '../../../src-main/speech/stt/segmented.ts';
import type { SpeechEvent } from '../../../src-main/speech/stt/stt.ts';
import { type ProviderServer, startProviderServer } from '../../support/provider-server.ts';
import { serverAt, transcriberAt } from './calls.ts';

/** Frames of 20 ms: phrases of 200 ms, each closed by voice detection, then silence. */
function take(phrases: number, silentFrames: number): AudioFrame[] {
  return Array.from({ length: phrases * 10 + silentFrames }, (_, index) => {
    const silent = index >= phrases * 10;
    const last = index % 10 === 9;
    return {
      samples: Int16Array.from({ length: 480 }, (_, i) => ((index * 480 + i) * 13) % 20_000),
      sampleRate: 24_000,
      activity: { probability: silent ? 0.01 : 0.9, speaking: !silent && !last, segmentEnded: !silent && last },
    };
  });
}

describe('live transcription over HTTP', () => {
  let server: ProviderServer;
  beforeAll(async () => {
    server = await startProviderServer({ transcript: ({ samples }) => `phrase from ${samples[0]}` });
  });
  afterEach(() => server.setChaos());
  afterAll(() => server.close());

  async function recognize(frames: readonly AudioFrame[]) {
    const before = server.requests('stt').length;
    const source = (async function* () {
      for (const frame of frames) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        yield frame;
      }
    })();
    const finals: SpeechEvent[] = [];
    const stt = segmentedStt(transcriberAt(serverAt(server.baseUrl)));
    for await (const event of stt.recognize(source, { signal: new AbortController().signal, language: null })) {
      if (event.type === 'final') finals.push(event);
    }
    return {
      text: finals.map(({ text }) => text),
      sent: server
        .requests('stt')
        .slice(before)
        .map(({ audio }) => audio),
    };
  }

  const phrase = (frames: readonly AudioFrame[], index: number) => `phrase from ${frames[index * 10]?.samples[0]}`;
  const captured = (frames: readonly AudioFrame[]) => concatSamples(frames.map(({ samples }) => samples));

  it('sends exactly what was captured, in pieces, without the silence after it', async () => {
    const frames = take(3, 20);
    const { text, sent } = await recognize(frames);
    expect(concatSamples(sent.flatMap((audio) => audio?.samples ?? []))).toEqual(captured(frames.slice(0, 30)));
    expect(sent).toHaveLength(3);
    expect(text).toEqual([0, 1, 2].map((index) => phrase(frames, index)));
  });

  it('loses nothing when a request fails for good while the key is down', async () => {
    server.setChaos([{ kind: 'hang-up', stage: 'stt', times: 2 }]);
    const frames = take(3, 0);
    expect((await recognize(frames)).text).toEqual([0, 1, 2].map((index) => phrase(frames, index)));
  });

  it('fails when the server is still down at the release', async () => {
    server.setChaos([{ kind: 'error', stage: 'stt' }]);
    await expect(recognize(take(2, 0))).rejects.toMatchObject({ stage: 'stt', code: 'server-failed' });
  });
});
