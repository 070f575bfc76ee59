import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ModelStage } from '../../../src-main/speech/call.ts';
import { type ProviderServer, startProviderServer, type Trouble } from '../../support/provider-server.ts';
import { chat, impatient, llmAt, speak, speakerAt, transcribe, transcriberAt } from './calls.ts';

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
});
