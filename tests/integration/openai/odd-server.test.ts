/** Whole turns with a server that speaks the API in its own way at every stage, and then at one of them does not. */
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { createApp } from '../../../src-main/app.ts';
import { concatSamples } from '../../../src-main/audio/frame.ts';
import { createMemorySecretStore } from '../../../src-main/settings/secrets.ts';
import type { ModelStage } from '../../../src-main/speech/call.ts';
import { startRawServer } from '../../support/raw-server.ts';
import { quiet, speech } from '../../support/speech.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { TestWindow } from '../../support/test-window.ts';

const events = (...list: object[]) => list.map((event) => `data: ${JSON.stringify(event)}\n`).join('\n');
const said = (content: string) => ({ choices: [{ delta: { content } }] });
const MP3 = readFileSync(new URL('../../support/audio/tones.mp3', import.meta.url));

const ANSWERS: Readonly<Record<ModelStage, (response: ServerResponse) => void>> = {
  stt: (response) => response.end(events(said('What time '), said('is it?'))),
  llm: (response) =>
    response
      .writeHead(200, { 'content-encoding': 'gzip' })
      .end(gzipSync(events(said('<think>Hmm.</think>'), said('It is noon.')))),
  tts: (response) => response.end(MP3),
};
const STAGES: readonly (readonly [path: string, stage: ModelStage])[] = [
  ['/transcriptions', 'stt'],
  ['/completions', 'llm'],
  ['/speech', 'tts'],
];

test('an odd server is understood; where it fails, the turn says so, keeps its sound, and the next one works', async () => {
  let broken: ModelStage | null = null;
  const server = await startRawServer(({ path }, response) => {
    const stage = STAGES.find(([end]) => path.endsWith(end))?.[1];
    if (!stage) response.end();
    else if (stage === broken) response.end('{"object":"error","message":"out of memory"}');
    else ANSWERS[stage](response);
  });
  onTestFinished(() => server.close());
  const environment = { OPENAI_BASE_URL: ` ${server.baseUrl}/ `, OPENAI_API_KEY: 'sk-test' };
  const secrets = createMemorySecretStore();
  const app = await createApp({ home: await temporaryFolder(), host: 'cli', secrets, environment });
  onTestFinished(() => app.close());
  const window = new TestWindow(app);
  const question = concatSamples([await speech('What time is it?'), quiet(300)]);
  const works = {
    outcome: 'completed',
    error: null,
    user: { committed: 'What time is it?' },
    reply: { text: 'It is noon.', heardLength: 11 },
  };
  expect(await window.say(question)).toMatchObject(works);
  for (const [, stage] of STAGES) {
    broken = stage;
    const failed = await window.say(question);
    expect(failed).toMatchObject({ outcome: 'failed', error: { stage, code: 'server-failed' } });
    expect(failed.error?.message).toContain('out of memory');
    expect(readFileSync(app.recording(failed.id, 'user') ?? '').length).toBeGreaterThan(40_000);
    broken = null;
    expect(await window.say(question)).toMatchObject(works);
  }
});
