/** Every agent that ships, chosen in a running app and talked to. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SHIPPED_AGENTS } from '../../../src-main/agents/shipped.ts';
import { startApp } from '../../support/running-app.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('no two have one id', () => {
  expect(new Set(SHIPPED_AGENTS.map(({ id }) => id)).size).toBe(SHIPPED_AGENTS.length);
});

test.each(SHIPPED_AGENTS.map(({ id }) => id))('%s can be chosen and talked to', async (id) => {
  const home = await temporaryFolder();
  const { window } = await startApp(home, { reply: 'Good evening.' });
  await writeFile(join(home, 'evening.md'), 'The evening begins at six.');
  await window.invoke('settings.update', { documents: { folder: home } });
  await window.invoke('conversation.new', { agentId: id });
  const greeting = window.conversation?.turnId;
  if (greeting) await window.outcome(greeting);

  const turn = await window.type('When does the evening begin?');
  expect(turn).toMatchObject({ outcome: 'completed', error: null });
  expect(window.conversation?.agentId).toBe(id);
  const listed = (await window.invoke('agents.list', {})).find((agent) => agent.id === id);
  expect(listed).toMatchObject({ kind: 'shipped', error: null });
});

test('restaurant greets as soon as it is chosen, in the window that chose it', async () => {
  const { window } = await startApp(await temporaryFolder(), { reply: 'Welcome to the restaurant.' });
  await window.invoke('conversation.new', { agentId: 'restaurant' });
  const greeting = await window.outcome(window.conversation?.turnId ?? '');
  expect(greeting).toMatchObject({
    source: 'agent',
    outcome: 'completed',
    reply: { text: 'Welcome to the restaurant.' },
  });
  expect([...window.played.values()].flat().length).toBeGreaterThan(0);
});

test('dictation puts the words on the clipboard of the window', async () => {
  const { window } = await startApp(await temporaryFolder());
  const copied: string[] = [];
  window.on('clipboard.copy', ({ text }) => copied.push(text));
  await window.invoke('conversation.new', { agentId: 'dictation' });
  await window.type('Dear Ada, it is done.');
  expect(copied).toEqual(['Dear Ada, it is done.']);
});

test('an agent that does not exist is refused, and the conversation goes on', async () => {
  const { window } = await startApp(await temporaryFolder(), { reply: 'Yes.' });
  await window.type('My name is Ada.');
  await expect(window.invoke('conversation.new', { agentId: 'nobody' })).rejects.toMatchObject({
    code: 'agent-unknown',
  });
  await window.type('Who am I?');
  const { turns } = await window.invoke('conversation.get', {});
  expect(turns).toHaveLength(2);
});
