import { expect, it, onTestFinished } from 'vitest';
import { createApp } from '../../../src-main/app.ts';
import { createMemorySecretStore } from '../../../src-main/settings/secrets.ts';
import { commands } from '../../../src-preload/contract.ts';
import { temporaryHome } from '../../support/audit.ts';
import { type ProviderServer, startProviderServer } from '../../support/provider-server.ts';
import { TestWindow } from '../../support/test-window.ts';

async function start() {
  const server = await startProviderServer({ reply: 'In May.' });
  onTestFinished(() => server.close());
  const app = await createApp({
    home: temporaryHome(),
    host: 'cli',
    secrets: createMemorySecretStore(),
    environment: { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'sk-test-credential' },
  });
  onTestFinished(() => app.close());
  return { server, window: new TestWindow(app) };
}

function said(server: ProviderServer): string[] {
  const messages = server.requests('llm').at(-1)?.json?.messages as { role: string; content: string }[];
  return messages.filter(({ role }) => role !== 'system').map(({ content }) => content);
}

it('asks another model again, with what was said before, in a conversation of its own', async () => {
  const { server, window } = await start();
  const first = await window.type('My name is Ada.');
  const asked = await window.type('When is my birthday?');
  await window.type('Thank you.');

  const again = await window.invoke('turns.askAgain', { turnId: asked.id, models: { llm: 'another-model' } });
  const turn = await window.outcome(again.turnId);
  expect(turn).toMatchObject({ outcome: 'completed', source: 'retry', retryOf: asked.id, agentId: 'assistant' });
  expect(turn.models.llm).toBe('openai/another-model');
  expect(server.requests('llm').at(-1)?.json?.model).toBe('another-model');
  expect(said(server)).toEqual(['My name is Ada.', 'In May.', 'When is my birthday?']);
  expect(turn.sessionId).toBe(again.sessionId);
  expect(turn.sessionId).not.toBe(first.sessionId);

  for (const turnId of [asked.id, turn.id]) {
    const both = await window.invoke('turns.alternatives', { turnId });
    expect(commands['turns.alternatives'].output.parse(both)).toEqual(both);
    expect(both.map(({ id, models }) => [id, models.llm])).toEqual([
      [asked.id, asked.models.llm],
      [turn.id, 'openai/another-model'],
    ]);
  }
  expect(await window.invoke('turns.alternatives', { turnId: first.id })).toHaveLength(1);
  expect(await window.invoke('log.filters', {})).toMatchObject({
    agentIds: ['assistant'],
    models: expect.arrayContaining([asked.models.llm, 'openai/another-model']),
  });
});

it('asks another agent, who answers in its own way', async () => {
  const { window } = await start();
  const asked = await window.type('Note this down.');
  const again = await window.invoke('turns.askAgain', { turnId: asked.id, agentId: 'dictation' });
  const turn = await window.outcome(again.turnId);
  expect(turn).toMatchObject({ agentId: 'dictation', retryOf: asked.id });
  expect(window.conversation).toMatchObject({ agentId: 'dictation', sessionId: turn.sessionId });
});

it('does not greet again who asks again, or comes back', async () => {
  const { server, window } = await start();
  await window.invoke('conversation.new', { agentId: 'restaurant' });
  await window.until(() => [...window.turns.values()].find(({ outcome }) => outcome !== null));
  const asked = await window.type('A table for two.');
  const before = server.requests('llm').length;
  const again = await window.invoke('turns.askAgain', { turnId: asked.id });
  expect(await window.outcome(again.turnId)).toMatchObject({ outcome: 'completed', reply: { text: 'In May.' } });
  expect(said(server)).toEqual(['In May.', 'A table for two.']);

  await window.invoke('conversation.new', { sessionId: asked.sessionId });
  expect(await window.type('And a salad.')).toMatchObject({ sessionId: asked.sessionId, reply: { text: 'In May.' } });
  expect(server.requests('llm')).toHaveLength(before + 2);
});

it('sends a turn again in the conversation that it belongs to, without saying its words twice', async () => {
  const { server, window } = await start();
  const first = await window.type('My name is Ada.');
  server.setChaos([{ stage: 'llm', kind: 'malformed' }]);
  const failed = await window.type('When is my birthday?');
  expect(failed.outcome).toBe('failed');
  server.setChaos();
  await window.invoke('conversation.new', {});
  const other = await window.type('Something else.');
  expect(other.sessionId).not.toBe(first.sessionId);

  const { turnId } = await window.invoke('talk.retry', { turnId: failed.id });
  expect(await window.outcome(turnId)).toMatchObject({
    outcome: 'completed',
    source: 'retry',
    retryOf: failed.id,
    sessionId: first.sessionId,
  });
  expect(said(server)).toEqual(['My name is Ada.', 'In May.', 'When is my birthday?']);
  expect(window.conversation).toMatchObject({ sessionId: first.sessionId });
  const { turns } = await window.invoke('conversation.get', {});
  expect(turns.map(({ id }) => id)).toEqual([first.id, failed.id, turnId]);
});

it('says which turn, agent or model it can’t ask, and goes on with the conversation as it was', async () => {
  const { window } = await start();
  const asked = await window.type('Hello');
  const refused = (input: object) =>
    expect(window.invoke('turns.askAgain', { turnId: asked.id, ...input } as never)).rejects;
  await refused({ turnId: 'nothing' }).toMatchObject({ code: 'turn-unknown' });
  await refused({ agentId: 'nobody' }).toMatchObject({ code: 'agent-unknown' });
  await refused({ agentId: 'dictation', models: { llm: 'x' } }).toMatchObject({ code: 'agent-has-models' });
  expect((await window.type('Still here')).sessionId).toBe(asked.sessionId);
});

it('does not pass practice off as a model that was named', async () => {
  const secrets = createMemorySecretStore();
  const app = await createApp({ home: temporaryHome(), host: 'cli', secrets, environment: {} });
  onTestFinished(() => app.close());
  const window = new TestWindow(app);
  const asked = await window.type('Hello');
  await expect(
    window.invoke('turns.askAgain', { turnId: asked.id, models: { llm: 'another-model' } }),
  ).rejects.toMatchObject({ code: 'no-server', stage: 'llm' });
  expect((await window.type('Still here')).sessionId).toBe(asked.sessionId);
});

it('forgets in every conversation what is redacted in one', async () => {
  const { server, window } = await start();
  const secret = await window.type('My code is zebra-4711.');
  const asked = await window.type('What is my code?');
  const again = await window.invoke('turns.askAgain', { turnId: asked.id });
  const turn = await window.outcome(again.turnId);
  expect(said(server)).toContain('My code is zebra-4711.');

  await window.invoke('turns.redact', { turnId: secret.id, part: 'text', reason: 'a slip' });
  expect(window.conversation?.sessionId).not.toBe(turn.sessionId);
  const { requests } = await window.invoke('turns.inspect', { turnId: turn.id });
  expect(requests.filter(({ stage }) => stage === 'llm').map(({ body }) => body)).toEqual([{ redacted: true }]);
  expect(JSON.stringify(await window.invoke('turns.inspect', { turnId: secret.id }))).not.toContain('4711');
  const verification = await window.invoke('log.verify', { sessionId: null });
  expect(verification).toMatchObject({ ok: true, problems: [] });
  expect(verification.redactions.map(({ sessionId, reason }) => [sessionId, reason])).toEqual([
    [secret.sessionId, 'a slip'],
    [turn.sessionId, 'a slip'],
  ]);
});
