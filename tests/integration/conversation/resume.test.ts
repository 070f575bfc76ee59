import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createApp } from '../../../src-main/app.ts';
import { createMemorySecretStore } from '../../../src-main/settings/secrets.ts';
import { startProviderServer } from '../../support/provider-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { TestWindow } from '../../support/test-window.ts';

test('a conversation of the log goes on after a restart, and the model is shown what was said', async () => {
  const home = await mkdtemp(join(tmpdir(), 'squelch-resume-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const server = await startProviderServer({ reply: 'Hello Ada.' });
  onTestFinished(() => server.close());
  const start = () =>
    createApp({
      home,
      host: 'cli',
      secrets: createMemorySecretStore(),
      environment: { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'sk-test-credential' },
    });

  const before = await start();
  const first = await new TestWindow(before).type('My name is Ada.');
  await before.close();

  const after = await start();
  onTestFinished(() => after.close());
  const window = new TestWindow(after);
  await window.invoke('conversation.new', { sessionId: first.sessionId });
  const second = await window.type('What is my name?');

  expect(second.sessionId).toBe(first.sessionId);
  const messages = server.requests('llm').at(-1)?.json?.messages as { role: string; content: string }[];
  expect(messages.slice(1).map(({ content }) => content)).toEqual([
    'My name is Ada.',
    'Hello Ada.',
    'What is my name?',
  ]);
  const { turns } = await window.invoke('conversation.get', {});
  expect(turns.map(({ id }) => id)).toEqual([first.id, second.id]);
  const { turns: logged } = await window.invoke('sessions.get', { sessionId: first.sessionId });
  expect(logged.map(({ id }) => id)).toEqual([first.id, second.id]);
});

test('a conversation that is taken up again in the middle of a turn goes on from where that ends', async () => {
  const home = await temporaryFolder();
  const server = await startProviderServer({ reply: 'Hello Ada.', chaos: [{ kind: 'stall', stage: 'llm', times: 1 }] });
  onTestFinished(() => server.close());
  const environment = { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'sk-test-credential' };
  const app = await createApp({ home, host: 'cli', secrets: createMemorySecretStore(), environment });
  onTestFinished(() => app.close());
  const window = new TestWindow(app);
  const { turnId } = await window.invoke('talk.sendText', { text: 'My name is Ada.' });
  const asked = () => window.turns.get(turnId)?.user.committed;
  const { sessionId } = await window.until(() => (asked() ? window.turns.get(turnId) : null));
  await window.invoke('conversation.new', { sessionId });
  const { turns } = await window.invoke('conversation.get', {});
  expect(turns).toMatchObject([{ id: turnId, outcome: 'interrupted', user: { committed: 'My name is Ada.' } }]);
  await window.type('What is my name?');
  const messages = server.requests('llm').at(-1)?.json?.messages as { content: string }[];
  expect(messages.slice(1).map(({ content }) => content)).toEqual(['My name is Ada.', 'What is my name?']);
});
