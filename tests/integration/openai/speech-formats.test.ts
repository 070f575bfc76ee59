/** What speech servers send in spite of what they were asked for: every kind of sound, and what is none. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { encodePcm, encodeWav, encodeWavHeader } from '../../../src-main/audio/wav.ts';
import { TONES_SECONDS } from '../../support/audio/tones.ts';
import { type RawServer, sendParts, startRawServer } from '../../support/raw-server.ts';
import { serverAt, speak, speakerAt } from './calls.ts';

type Parts = readonly (string | Uint8Array)[];

let server: RawServer;
afterEach(() => server.close());

/** A server that gives every request the same answer, in these parts. */
async function answering(contentType: string | null, ...parts: Parts): Promise<void> {
  server = await startRawServer((_, response) => sendParts(response, contentType, parts));
}

describe('speech of compatible servers', () => {
  const sound = Int16Array.from({ length: 3_000 }, (_, i) => ((i * 31) % 4_000) - 2_000);
  const ask = (sampleRate?: number) => speak(speakerAt(serverAt(server.baseUrl), sampleRate));
  const split = (bytes: Uint8Array, size: number) =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
  const halfSample = () => encodeWavHeader({ sampleRate: 16_000, channels: 1, dataBytes: sound.byteLength + 1 });
  const placeholder = (channels = 1) => encodeWavHeader({ sampleRate: 16_000, channels, dataBytes: null });
  const stereo = Int16Array.from({ length: 6_000 }, (_, i) => (sound[i >> 1] ?? 0) + (i % 2 ? 10 : -10));

  it.each<[string, string, Parts, number]>([
    ['pieces split in mid-sample', 'audio/pcm', split(encodePcm(sound), 333), 24_000],
    ['a wrong MIME type', 'audio/mpeg', [encodePcm(sound)], 24_000],
    ['a rate in the MIME type', 'audio/pcm; rate=16000', [encodePcm(sound)], 16_000],
    ['a WAV file in spite of the question', 'audio/pcm', [encodeWav(sound, 22_050)], 22_050],
    ['a WAV file in small pieces', 'audio/wav', split(encodeWav(sound, 16_000), 7), 16_000],
    ['a WAV file with placeholder lengths', 'audio/wav', [placeholder(), ...split(encodePcm(sound), 501)], 16_000],
    [
      'a WAV file with something behind the sound',
      'audio/wav',
      [encodeWav(sound, 16_000), 'LIST\x04\0\0\0abcd'],
      16_000,
    ],
    [
      'a WAV file that claims half a sample',
      'audio/wav',
      [Buffer.concat([halfSample(), encodePcm(sound), Buffer.from('LIST')])],
      16_000,
    ],
    ['two channels', 'audio/wav', [placeholder(2), ...split(encodePcm(stereo), 123)], 16_000],
    ['half a sample too much', 'application/octet-stream', [encodePcm(sound), new Uint8Array([1])], 24_000],
  ])('%s', async (_, contentType, parts, rate) => {
    await answering(contentType, ...parts);
    const { samples, rates } = await ask();
    expect(Int16Array.from(samples)).toEqual(sound);
    expect(rates).toEqual([rate]);
  });

  it('plays raw PCM at the rate in the settings', async () => {
    await answering('audio/pcm', encodePcm(sound));
    expect((await ask(22_050)).rates).toEqual([22_050]);
  });

  it('lets the first bytes be heard before the rest has come', async () => {
    let more = () => {};
    server = await startRawServer((_, response) => {
      response.writeHead(200, { 'content-type': 'audio/pcm' }).write(encodePcm(sound));
      more = () => response.end(encodePcm(sound));
    });
    let heard = 0;
    const { samples } = await speak(speakerAt(serverAt(server.baseUrl)), {
      onSound: () => {
        if (heard++ === 0) more();
      },
    });
    expect(samples).toHaveLength(6_000);
  });

  it('asks for a WAV file where raw PCM is refused, and then always', async () => {
    server = await startRawServer((request, response) => {
      if (request.body.includes('"wav"')) return sendParts(response, 'audio/wav', [encodeWav(sound, 16_000)]);
      response.writeHead(422).end('{"detail":"response_format must be mp3 or wav"}');
    });
    const speaker = speakerAt(serverAt(server.baseUrl));
    expect((await speak(speaker)).samples).toHaveLength(3_000);
    await speak(speaker);
    expect(server.requests).toHaveLength(3);
  });

  const file = (name: string) => readFileSync(new URL(`../../support/audio/${name}`, import.meta.url));

  it.each([
    ['MP3', 'tones.mp3', 'audio/mpeg', 24_000, 0.375],
    ['MP3 called PCM', 'tones.mp3', 'audio/pcm', 24_000, 0.375],
    ['FLAC', 'tones.flac', 'audio/flac', 48_000, 0.375],
    ['Opus', 'tones-opus.ogg', 'application/octet-stream', 48_000, 0.375],
    ['Vorbis', 'tones-vorbis.ogg', 'audio/ogg', 22_050, 0.5],
  ])('%s is decoded as it comes', async (_, name, contentType, rate, amplitude) => {
    await answering(contentType, ...split(file(name), 97));
    const { samples, rates } = await ask();
    expect(rates).toEqual([rate]);
    expect(Math.abs(samples.length / rate - TONES_SECONDS)).toBeLessThan(0.1);
    expect(Math.max(...samples) / 32_768).toBeCloseTo(amplitude, 1);
  });

  it('MP3 without a tag before it is told from PCM that begins alike', async () => {
    const tagless = file('tones.mp3');
    expect(tagless.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xf3]));
    const alike = Buffer.concat([tagless.subarray(0, 4), encodePcm(sound)]);
    await answering('application/octet-stream', alike);
    const { samples, rates } = await ask();
    expect(rates).toEqual([24_000]);
    expect(Int16Array.from(samples.slice(2))).toEqual(sound);
  });

  it.each<[string, Uint8Array]>([
    [
      '8 bits',
      wavOf(
        1,
        8,
        Uint8Array.from(sound, (value) => (value >> 8) + 128),
      ),
    ],
    ['24 bits', wavOf(1, 24, widened(3))],
    ['32 bits', wavOf(1, 32, widened(4))],
    [
      '32-bit floats',
      wavOf(
        3,
        32,
        Float32Array.from(sound, (value) => value / 32_768),
      ),
    ],
    [
      '64-bit floats',
      wavOf(
        3,
        64,
        Float64Array.from(sound, (value) => value / 32_768),
      ),
    ],
  ])('a WAV file of %s', async (bits, bytes) => {
    await answering('audio/wav', ...split(bytes, 61));
    const { samples, rates } = await ask();
    const coarse = bits === '8 bits' ? sound.map((value) => (value >> 8) << 8) : sound;
    expect(Int16Array.from(samples)).toEqual(coarse);
    expect(rates).toEqual([16_000]);
  });

  it('two channels of raw PCM, where the server says so', async () => {
    await answering('audio/pcm; rate=16000; channels=2', encodePcm(stereo));
    const { samples, rates } = await ask();
    expect(Int16Array.from(samples)).toEqual(sound);
    expect(rates).toEqual([16_000]);
  });

  const adts = Buffer.alloc(40);
  for (const at of [0, 20]) adts.set([0xff, 0xf1, 0x50, 0x80, 0x02, 0x9f, 0xfc], at);

  it.each<[string, string, Parts, string, RegExp]>([
    ['AAC', 'audio/pcm', [adts], 'malformed-answer', /AAC/],
    ['MP4', 'audio/mp4', [file('tones.m4a')], 'malformed-answer', /MP4/],
    ['WebM', 'audio/webm', [Buffer.from('1a45dfa39f4286810142f7810142f281', 'hex')], 'malformed-answer', /WebM/],
    ['Ogg of an unknown kind', 'audio/ogg', ['OggS\0\x02\0\0'], 'malformed-answer', /Ogg/],
    ['a broken FLAC file', 'audio/flac', [file('tones.flac').fill(7, 60)], 'malformed-answer', /FLAC/],
    ['µ-law', 'audio/wav', [wavOf(7, 8, new Uint8Array(800))], 'malformed-answer', /WAV/],
    ['a WAV header cut off', 'audio/wav', [encodeWav(sound, 16_000).subarray(0, 30)], 'malformed-answer', /WAV/],
    ['an impossible rate', 'audio/wav', [encodeWav(sound, 4_000_000_000)], 'malformed-answer', /4000000000 Hz/],
    ['an error', 'application/json', ['{"error":"no such voice"}'], 'server-failed', /no such voice/],
    [
      'an error called sound',
      'audio/mpeg',
      ['\n{"error":{"message":"no such voice"}}'],
      'server-failed',
      /no such voice/,
    ],
    ['sound in JSON', 'application/json', [JSON.stringify({ audio: 'AAAA' })], 'malformed-answer', /JSON, not sound/],
    ['a web page', 'text/html', ['\uFEFF<!doctype html><title>Log in</title>'], 'malformed-answer', /web page/],
    ['words', 'audio/pcm', ['no such voice'], 'malformed-answer', /text, not sound/],
    [
      'a stream of events',
      'text/event-stream',
      ['data: {"type":"speech.audio.delta"}\n\n'],
      'malformed-answer',
      /text/,
    ],
    ['nothing', 'audio/pcm', [], 'empty-answer', /no sound/],
    ['half a sample', 'audio/pcm', [Uint8Array.of(1)], 'empty-answer', /no sound/],
    ['a WAV file without sound', 'audio/wav', [encodeWav(new Int16Array(0), 16_000)], 'empty-answer', /no sound/],
  ])('%s is a failure that names it', async (_, contentType, parts, code, message) => {
    await answering(contentType, ...parts);
    const error = await ask().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ stage: 'tts', code, message: expect.stringMatching(message) });
    expect((error as { hint: string }).hint).not.toBe('');
  });

  it('no content at all is a failure', async () => {
    server = await startRawServer((_, response) => void response.writeHead(204).end());
    await expect(ask()).rejects.toMatchObject({ stage: 'tts', code: 'empty-answer' });
  });

  /** `sound` in samples of more bytes. */
  function widened(bytes: number): Uint8Array {
    const wide = Buffer.alloc(sound.length * bytes);
    for (const [i, value] of sound.entries()) wide.writeInt16LE(value, (i + 1) * bytes - 2);
    return wide;
  }

  function wavOf(format: number, bits: number, samples: ArrayBufferView): Uint8Array {
    const data = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    const header = Buffer.from(encodeWavHeader({ sampleRate: 16_000, channels: 1, dataBytes: data.length }));
    header.writeUInt16LE(format, 20);
    header.writeUInt16LE(bits / 8, 32);
    header.writeUInt16LE(bits, 34);
    return Buffer.concat([header, data]);
  }
});
