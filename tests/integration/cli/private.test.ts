import { once } from 'node:events';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { encodeWav } from '../../../src-main/audio/wav.ts';
import { openDatabase } from '../../../src-main/audit/store/database.ts';
import { temporaryHome } from '../../support/audit.ts';
import { squelch } from '../../support/squelch-command.ts';
import { noise } from '../../support/turns.ts';

/** A model server that answers everything with the same words. */
async function modelServer(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    asked.push((await buffer(request)).toString('latin1'));
    response.setHeader('content-type', 'text/event-stream');
    const delta = { choices: [{ index: 0, delta: { content: 'giraffe-0815' } }] };
    response.end(`data: ${JSON.stringify(delta)}\n\ndata: [DONE]\n\n`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked };
}

function filesWith(home: string, ...words: string[]): string[] {
  return globSync('**/*', { cwd: home, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => words.some((word) => readFileSync(path).includes(word)));
}

async function homeWithModel(url: string): Promise<string> {
  const home = temporaryHome();
  const llm = { provider: 'openai', baseUrl: url, model: 'any' };
  const practice = { provider: 'practice' };
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ llm, stt: practice, tts: practice }));
  return home;
}

it('leaves nothing of a private conversation in the home', async () => {
  const { url, asked } = await modelServer();
  const home = await homeWithModel(url);
  const talk = (...args: string[]) => squelch(['talk', '--text', 'zebra-4711', '--json', '--home', home, ...args]);
  const { status, json, stderr } = await talk('--private');
  expect([status, stderr]).toEqual([0, '']);
  expect(json()).toMatchObject({ outcome: 'completed', reply: 'giraffe-0815' });
  expect(asked.join()).toContain('zebra-4711');
  expect(filesWith(home, 'zebra-4711', 'giraffe-0815')).toEqual([]);
  const database = openDatabase(home);
  for (const table of ['entry', 'content', 'session', 'turn']) {
    expect(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(), table).toBe(0);
  }
  database.close();

  await talk();
  expect(filesWith(home, 'zebra-4711')).not.toEqual([]);
});

it('leaves no sound of it either', async () => {
  const { url } = await modelServer();
  const home = await homeWithModel(url);
  const audio = join(temporaryHome(), 'noise.wav');
  writeFileSync(audio, encodeWav(noise(24_000, 1), 24_000));
  expect((await squelch(['talk', '--audio', audio, '--private', '--json', '--home', home])).status).toBe(0);
  expect(globSync('**/*.wav', { cwd: home })).toEqual([]);
});
