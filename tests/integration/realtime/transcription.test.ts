import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LLMock } from '@copilotkit/aimock';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RealtimeLink } from '../../../src-main/providers/openai/realtime-link.ts';
import { type HeardPiece, listen } from '../../../src-main/providers/openai/realtime-listening.ts';
import { type RealtimeServerOptions, startRealtimeServer } from '../../support/realtime-server.ts';
import { microphone, realtimeServerAt, recognize, samplesOf, sttAt, take } from './calls.ts';

async function serverWith(options: RealtimeServerOptions = {}) {
  const server = await startRealtimeServer({
    transcript: (samples) => `phrase from ${samples[0]}`,
    ...options,
  });
  onTestFinished(() => server.close());
  return server;
}

const phrases = (count: number) =>
  Array.from({ length: count }, (_, index) => `phrase from ${take(count)[index * 10]?.samples[0]}`);

describe('transcription over a WebSocket', () => {
  it('sets up a session that leaves the turn to the key', async () => {
    const server = await serverWith();
    const audio = microphone(take(1));
    audio.close();
    await recognize(sttAt(realtimeServerAt(server.baseUrl)), audio);
    expect(server.connections[0]?.url).toBe('/v1/realtime?intent=transcription');
    expect(server.connections[0]?.headers.authorization).toBe('Bearer test-key');
    expect((await server.received('session.update')).session).toEqual({
      type: 'transcription',
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: 24_000 },
          transcription: { model: 'gpt-4o-mini-transcribe' },
          turn_detection: null,
        },
      },
    });
  });

  it('sends exactly what was captured, without the silence after it', async () => {
    const server = await serverWith();
    const audio = microphone(take(3, 20));
    audio.close();
    const { finals, usage } = await recognize(sttAt(realtimeServerAt(server.baseUrl)), audio);
    expect(server.heard.map((samples) => [...samples])).toEqual(
      [0, 1, 2].map((index) => [...samplesOf(take(3).slice(index * 10, index * 10 + 10))]),
    );
    expect(finals).toEqual(phrases(3));
    expect(usage.map(({ stage, audioMs }) => ({ stage, audioMs }))).toEqual(
      [1, 2, 3].map(() => ({ stage: 'stt', audioMs: 200 })),
    );
  });

  it('gives words while the key is down', async () => {
    const server = await serverWith();
    const audio = microphone(take(1));
    const words = Promise.withResolvers<void>();
    const recognition = recognize(sttAt(realtimeServerAt(server.baseUrl)), audio, {
      onEvent: ({ type }) => type === 'final' && words.resolve(),
    });
    // The connection is made while somebody speaks: the next frame finds it open.
    await server.received('session.update');
    const more = setInterval(() => audio.push(take(2)[10] as never), 5);
    await words.promise;
    clearInterval(more);
    audio.close();
    const { events } = await recognition;
    expect(events.slice(0, 3)).toEqual([
      { type: 'interim', text: 'phrase' },
      { type: 'interim', text: 'phrase from' },
      { type: 'interim', text: 'phrase from 0' },
    ]);
    expect(events[3]).toEqual({ type: 'final', text: 'phrase from 0' });
  });

  it('fills up sound that is too short to be accepted', async () => {
    const server = await serverWith();
    const audio = microphone(take(1).slice(0, 2));
    audio.close();
    await recognize(sttAt(realtimeServerAt(server.baseUrl)), audio);
    expect(server.heard[0]).toHaveLength(2_400);
    expect([...(server.heard[0] as Int16Array).subarray(0, 960)]).toEqual([...samplesOf(take(1).slice(0, 2))]);
  });

  it('sends nothing at all of a take without speech', async () => {
    const server = await serverWith();
    const audio = microphone(take(0, 50));
    audio.close();
    const stt = sttAt(realtimeServerAt(server.baseUrl));
    stt.warm();
    await server.received('session.update');
    expect((await recognize(stt, audio)).events).toEqual([]);
    expect(server.types()).toEqual(['session.update']);
  });

  it('keeps its connection from take to take', async () => {
    const server = await serverWith();
    const stt = sttAt(realtimeServerAt(server.baseUrl));
    for (let i = 0; i < 3; i++) {
      const audio = microphone(take(1));
      audio.close();
      await recognize(stt, audio);
    }
    expect(server.connections).toHaveLength(1);
    expect(server.heard).toHaveLength(3);
  });

  it('loses no sample when the connection is cut in mid-sentence', async () => {
    let cut = false;
    const server = await serverWith({
      intercept({ type }, end) {
        if (cut || type !== 'input_audio_buffer.append') return false;
        cut = true;
        end.drop();
        return true;
      },
    });
    const stt = sttAt(realtimeServerAt(server.baseUrl));
    stt.warm();
    await server.received('session.update');
    const audio = microphone(take(2));
    audio.close();
    const { finals } = await recognize(stt, audio);
    expect(server.connections).toHaveLength(2);
    expect(finals).toEqual(phrases(2));
    expect(server.heard.map((samples) => samples.length)).toEqual([4_800, 4_800]);
  });

  it.each(['null', '7', '[]', '{}', '{"type":"response.invented","item_id":1}', '{"type":7}'])(
    'takes no harm from %s in place of an event',
    async (text) => {
      const server = await serverWith({
        intercept({ type }, end) {
          if (type === 'input_audio_buffer.commit') end.say(text);
          return false;
        },
      });
      const audio = microphone(take(1));
      audio.close();
      const { finals } = await recognize(sttAt(realtimeServerAt(server.baseUrl)), audio);
      expect(finals).toEqual(phrases(1));
    },
  );

  it('asks once more for what the server failed to transcribe, then says why', async () => {
    let failures = 1;
    const server = await serverWith({
      intercept({ type }, end) {
        if (type !== 'input_audio_buffer.commit' || failures-- <= 0) return false;
        end.send({ type: 'input_audio_buffer.committed', item_id: `failed_${failures}` });
        const error = { type: 'server_error', code: null, message: 'out of order' };
        end.send({
          type: 'conversation.item.input_audio_transcription.failed',
          item_id: `failed_${failures}`,
          error,
        });
        end.send({ type: 'input_audio_buffer.cleared' });
        return true;
      },
    });
    const stt = sttAt(realtimeServerAt(server.baseUrl));
    const whole = () => {
      const audio = microphone(take(1).slice(0, 9));
      audio.close();
      return audio;
    };
    await recognize(stt, whole());
    failures = 2;
    await expect(recognize(stt, whole())).rejects.toMatchObject({ stage: 'stt', code: 'server-failed' });
    await recognize(stt, whole());
  });

  it('sends a phrase whole that was under way when another one failed', async () => {
    let appended = Number.NaN;
    const server = await serverWith({
      intercept({ type }, end) {
        if (type === 'input_audio_buffer.append') appended += 1;
        if (type === 'input_audio_buffer.append' && appended === 15) {
          const error = { type: 'server_error', message: 'out of order' };
          end.send({ type: 'conversation.item.input_audio_transcription.failed', item_id: 'lost', error });
        }
        if (type !== 'input_audio_buffer.commit' || appended !== 10) return false;
        end.send({ type: 'input_audio_buffer.committed', item_id: 'lost' });
        return true;
      },
    });
    const stt = sttAt(realtimeServerAt(server.baseUrl));
    const first = microphone(take(1));
    first.close();
    await recognize(stt, first);
    appended = 0;
    const audio = microphone(take(2).slice(0, 15));
    const recognition = recognize(stt, audio);
    await server.received('input_audio_buffer.clear');
    for (const frame of take(2).slice(15)) audio.push(frame);
    audio.close();
    const { finals } = await recognition;
    expect(finals).toEqual(phrases(2));
    const expected = [0, 10].map((start) => [...samplesOf(take(2).slice(start, start + 10))]);
    expect(server.heard.slice(1).map((samples) => [...samples])).toEqual(expected);
  });

  it.each([
    [{ type: 'invalid_request_error', code: 'invalid_api_key', message: 'no' }, 'key-rejected'],
    [{ type: 'invalid_request_error', code: 'model_not_found', message: 'no such model' }, 'model-not-found'],
    [{ type: 'insufficient_quota', code: 'insufficient_quota', message: 'no credit' }, 'quota-exceeded'],
    [{ type: 'invalid_request_error', code: 'invalid_value', message: 'odd' }, 'request-refused'],
  ])('explains a session that is refused: %j', async (error, code) => {
    const server = await serverWith({
      intercept({ type }, end) {
        if (type === 'session.update') end.send({ type: 'error', error });
        return type === 'session.update';
      },
    });
    const audio = microphone(take(1));
    audio.close();
    const recognition = recognize(sttAt(realtimeServerAt(server.baseUrl)), audio);
    await expect(recognition).rejects.toMatchObject({ stage: 'stt', code });
  });

  it('begins another session when the one it has expires in the middle of a take, and loses nothing', async () => {
    let expired = false;
    const server = await serverWith({
      intercept({ type }, end) {
        if (type !== 'input_audio_buffer.commit' || expired) return false;
        expired = true;
        end.send({
          type: 'error',
          error: { code: 'session_expired', message: 'Your session hit the maximum duration.' },
        });
        end.drop();
        return true;
      },
    });
    const audio = microphone(take(1));
    audio.close();
    const { finals } = await recognize(sttAt(realtimeServerAt(server.baseUrl)), audio);
    expect(finals).toEqual(phrases(1));
    expect(server.connections).toHaveLength(2);
    expect(server.heard.map((samples) => [...samples])).toEqual([[...samplesOf(take(1))]]);
  });

  it.each([
    [1008, 'policy: no speech here', /: policy: no speech here$/],
    [1011, '', /was complete$/],
    [4_000, '', /was complete$/],
  ])(
    'explains a server that closes with %i “%s”, and is asked again by the next take',
    async (code, reason, message) => {
      let closing = true;
      const server = await serverWith({
        intercept({ type }, end) {
          if (closing && type === 'input_audio_buffer.commit') end.close(code, reason);
          return closing && type === 'input_audio_buffer.commit';
        },
      });
      const stt = sttAt(realtimeServerAt(server.baseUrl));
      const whole = () => {
        const audio = microphone(take(1));
        audio.close();
        return recognize(stt, audio);
      };
      await expect(whole()).rejects.toMatchObject({
        stage: 'stt',
        code: 'disconnected',
        message: expect.stringMatching(message),
      });
      closing = false;
      expect((await whole()).finals).toEqual(phrases(1));
    },
  );

  it('lets go of the sound whose words are known, however long the key is held', async () => {
    const server = await serverWith();
    const pieces: HeardPiece[] = [];
    const link = new RealtimeLink({
      server: realtimeServerAt(server.baseUrl),
      stage: 'stt',
      model: 'gpt-4o-mini-transcribe',
      query: 'intent=transcription',
      session: () => ({ type: 'transcription' }),
    });
    onTestFinished(() => link.close());
    const audio = microphone(take(2));
    const { signal } = new AbortController();
    await link.connect(signal);
    const words = listen(audio, { link, signal, items: 'phrases', onTranscribed: (piece) => pieces.push(piece) });
    for await (const { type } of words) if (type === 'final' && pieces.length === 2) audio.close();
    expect(pieces.map(({ sounds, durationMs }) => [sounds.length, durationMs])).toEqual([
      [0, 200],
      [0, 200],
    ]);
  });

  it.each([
    ['301 Moved\r\nlocation: https://other.example/v1/realtime', 'moved', /other\.example/],
    ['429 Slow\r\nretry-after: 20', 'rate-limited', /in 20 seconds/],
  ])('explains a refusal by its headers: %j', async (head, code, words) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    server.on('upgrade', (_request, socket) => socket.end(`HTTP/1.1 ${head}\r\ncontent-length: 0\r\n\r\n`));
    const audio = microphone(take(1));
    audio.close();
    const { port } = server.address() as AddressInfo;
    const error = await recognize(sttAt(realtimeServerAt(`http://127.0.0.1:${port}/v1`)), audio).catch((e) => e);
    expect(error).toMatchObject({ stage: 'stt', code });
    expect(`${error.message} ${error.hint}`).toMatch(words);
  });

  it('reads no more of a refusal than it takes to explain it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    server.on('upgrade', (_request, socket) => {
      socket.on('error', () => {});
      socket.write('HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\n\r\n');
      const more = setInterval(() => socket.write('no '.repeat(5_000)), 5);
      socket.on('close', () => clearInterval(more));
    });
    const audio = microphone(take(1));
    audio.close();
    const { port } = server.address() as AddressInfo;
    const recognition = recognize(sttAt(realtimeServerAt(`http://127.0.0.1:${port}/v1`)), audio);
    await expect(recognition).rejects.toMatchObject({ stage: 'stt', code: 'access-denied' });
  });

  it('explains a server that is not there, and one that has no such service', async () => {
    const gone = await startRealtimeServer();
    await gone.close();
    const speak = (baseUrl: string) => {
      const audio = microphone(take(1));
      audio.close();
      return recognize(sttAt(realtimeServerAt(baseUrl)), audio);
    };
    await expect(speak(gone.baseUrl)).rejects.toMatchObject({ stage: 'stt', code: 'unreachable' });
    const mock = new LLMock({ port: 0 });
    await mock.start();
    onTestFinished(() => mock.stop());
    await expect(speak(`${mock.url}/elsewhere/v1`)).rejects.toMatchObject({ stage: 'stt', code: 'wrong-address' });
  });

  it('forgets what was said when the take is dropped, before anybody speaks again', async () => {
    const server = await serverWith();
    const stt = sttAt(realtimeServerAt(server.baseUrl));
    const whole = () => {
      const audio = microphone(take(1));
      audio.close();
      return recognize(stt, audio);
    };
    await whole();
    const dropped = new AbortController();
    const recognition = recognize(stt, microphone(take(1).slice(0, 5)), { signal: dropped.signal });
    await server.received('input_audio_buffer.append', 15);
    dropped.abort(new Error('cancelled'));
    await expect(recognition).rejects.toThrow('cancelled');
    await whole();
    expect(server.heard.map((samples) => [...samples])).toEqual([1, 2].map(() => [...samplesOf(take(1))]));
  });

  it('speaks the protocol as aimock does', async () => {
    const mock = new LLMock({ port: 0 });
    mock.addFixtures([
      { match: { endpoint: 'realtime-transcription' }, response: { transcription: { text: 'Hello there.' } } },
    ]);
    await mock.start();
    onTestFinished(() => mock.stop());
    const audio = microphone(take(2));
    audio.close();
    const { finals, usage } = await recognize(sttAt(realtimeServerAt(`${mock.url}/v1`)), audio);
    expect(finals).toEqual(['Hello there.', 'Hello there.']);
    expect(usage[0]?.raw).toMatchObject({ type: 'tokens' });
  });
});
