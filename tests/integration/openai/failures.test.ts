import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ModelStage } from '../../../src-main/speech/call.ts';
import { type ProviderServer, startProviderServer, type Trouble } from '../../support/provider-server.ts';
import { chat, impatient, llmAt, serverAt, speak, speakerAt, transcribe, transcriberAt } from './calls.ts';

const STAGES = ['stt', 'llm', 'tts'] as const;

/** @param model of the recogniser; whisper-1 has no optional parameter that a server might stumble over. */
function call(stage: ModelStage, baseUrl: string, model = 'whisper-1'): Promise<unknown> {
  const server = impatient(baseUrl);
  if (stage === 'stt') return transcribe(transcriberAt(server, model));
  return stage === 'llm' ? chat(llmAt(server)) : speak(speakerAt(server));
}

describe('a provider that fails', () => {
  let server: ProviderServer;
  beforeAll(async () => {
    server = await startProviderServer();
  });
  afterEach(() => server.setChaos());
  afterAll(() => server.close());

  async function failure(stage: ModelStage, trouble: Omit<Trouble, 'stage'>) {
    const before = server.requests(stage).length;
    server.setChaos([{ ...trouble, stage }]);
    const error = await call(stage, server.baseUrl).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    return { error, attempts: server.requests(stage).length - before };
  }

  describe.each(STAGES)('%s', (stage) => {
    it.each([
      ['error', 'server-failed', 2],
      ['rate-limit', 'rate-limited', 2],
      ['hang-up', 'disconnected', 2],
      ['malformed', 'malformed-answer', 1],
    ] as const)('%s becomes %s after %i attempts', async (kind, code, attempts) => {
      const failed = await failure(stage, { kind });
      expect(failed.error).toMatchObject({ name: 'Fault', stage, code });
      expect(failed.attempts).toBe(attempts);
    });

    it('a first byte that does not come becomes a timeout, tried once', async () => {
      const failed = await failure(stage, { kind: 'stall', afterBytes: 0 });
      expect(failed.error).toMatchObject({ name: 'Fault', stage, code: 'timeout' });
      expect(failed.attempts).toBe(1);
    });

    it('an answer that stops becomes stalled', async () => {
      const failed = await failure(stage, { kind: 'stall', afterBytes: 60 });
      expect(failed.error).toMatchObject({ name: 'Fault', stage, code: 'stalled' });
    });

    it('a disconnect in mid-answer becomes disconnected', async () => {
      const failed = await failure(stage, { kind: 'disconnect', afterBytes: 60 });
      expect(failed.error).toMatchObject({ name: 'Fault', stage, code: 'disconnected' });
    });

    it.each(['error', 'rate-limit', 'hang-up'] as const)('recovers from one %s, unseen', async (kind) => {
      const { error, attempts } = await failure(stage, { kind, times: 1 });
      expect(error).toBeNull();
      expect(attempts).toBe(2);
    });

    it('works again right after a failure', async () => {
      await failure(stage, { kind: 'stall', afterBytes: 60 });
      server.setChaos();
      await expect(call(stage, server.baseUrl)).resolves.toBeTruthy();
    });
  });

  it('delivers the words and the sound that came before the break', async () => {
    server.setChaos([{ kind: 'disconnect', stage: 'llm', afterBytes: 900 }]);
    const words: number[] = [];
    await expect(chat(llmAt(impatient(server.baseUrl)), { onText: () => words.push(1) })).rejects.toMatchObject({
      code: 'disconnected',
    });
    expect(words.length).toBeGreaterThan(0);
    server.setChaos([{ kind: 'stall', stage: 'tts', afterBytes: 900 }]);
    const sounds: number[] = [];
    await expect(speak(speakerAt(impatient(server.baseUrl)), { onSound: () => sounds.push(1) })).rejects.toMatchObject({
      code: 'stalled',
    });
    expect(sounds.length).toBeGreaterThan(0);
  });

  it('tries a broken stream of tentative words again, because they are replaced', async () => {
    server.setChaos([{ kind: 'disconnect', stage: 'stt', afterBytes: 120, times: 1 }]);
    const { text } = await transcribe(transcriberAt(impatient(server.baseUrl)));
    expect(text).toBe('What time is it?');
  });

  it('loses no turn to a connection that is closed just when it is used again', async () => {
    const used = new WeakSet<Socket>();
    let closed = 0;
    const fickle = createHttpServer((request, response) => {
      if (!used.has(request.socket)) {
        used.add(request.socket);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end('data: {"choices":[{"delta":{"content":"It is noon."}}]}\n\ndata: [DONE]\n\n');
      } else {
        closed += 1;
        request.socket.destroy();
      }
    }).listen(0, '127.0.0.1');
    await once(fickle, 'listening');
    const llm = llmAt(impatient(`http://127.0.0.1:${(fickle.address() as AddressInfo).port}/v1`));
    for (let turn = 0; turn < 3; turn++) expect((await chat(llm)).text).toBe('It is noon.');
    expect(closed).toBeGreaterThan(0);
    fickle.close();
    fickle.closeAllConnections();
  });

  it('reads no more than any answer has', async () => {
    const endless = createHttpServer((_request, response) => {
      response.on('error', () => {});
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 'word ')));
      };
      response.writeHead(200, { 'content-type': 'text/plain' }).on('drain', more);
      more();
    }).listen(0, '127.0.0.1');
    await once(endless, 'listening');
    const baseUrl = `http://127.0.0.1:${(endless.address() as AddressInfo).port}/v1`;
    await expect(transcribe(transcriberAt(serverAt(baseUrl), 'whisper-1'))).rejects.toMatchObject({
      code: 'malformed-answer',
      message: expect.stringContaining('it does not end'),
    });
    endless.close();
    endless.closeAllConnections();
  });
});
