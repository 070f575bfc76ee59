/** What goes wrong outside of any turn, and what an agent says as the user's words: both are in the log. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type RunningApp, startApp } from '../../support/running-app.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** @param body of the agent's class */
async function talkWith(body: string): Promise<RunningApp> {
  const home = await temporaryFolder();
  await mkdir(join(home, 'agents'));
  const code = `export default ({ Agent }) => {
    class Own extends Agent { ${body} }
    return new Own({ id: 'own', instructions: 'Be kind.' });
  };\n`;
  await writeFile(join(home, 'agents', 'own.mjs'), code);
  const running = await startApp(home);
  await running.window.invoke('agents.setEnabled', { agentId: 'own', enabled: true });
  return running;
}

it('keeps what a hook threw after the last turn, and what a listener threw within one', async () => {
  const { window } = await talkWith(`
    onEnter() { this.session.on('turn_started', () => { throw new Error('no ear'); }); }
    onExit() { throw new Error('no goodbye'); }`);
  await window.invoke('agents.select', { agentId: 'own' });
  const turn = await window.type('Hello.');
  await window.invoke('conversation.new', { agentId: 'assistant' });
  const kept = async () => (await window.invoke('sessions.get', { sessionId: turn.sessionId })).faults;
  await expect.poll(kept).toMatchObject([
    { source: 'session', turnId: turn.id, code: 'listener-failed', message: expect.stringContaining('no ear') },
    { source: 'session', turnId: null, code: 'hook-failed', message: 'own.onExit failed: no goodbye' },
  ]);
  expect((await window.invoke('log.verify', { sessionId: null })).problems).toEqual([]);
});

it('keeps words that an agent gave as the user’s as those of the turn that answers them', async () => {
  const { window, server } = await talkWith(`
    onEnter() { this.session.generateReply({ userInput: 'What is the weather?' }); }`);
  await window.invoke('agents.select', { agentId: 'own' });
  const turn = await window.until(() => [...window.turns.values()].find(({ outcome }) => outcome !== null) ?? null);
  expect(turn).toMatchObject({ source: 'agent', user: { committed: 'What is the weather?' } });
  const { turns } = await window.invoke('sessions.get', { sessionId: turn.sessionId });
  expect(turns).toMatchObject([{ user: { committed: 'What is the weather?' }, outcome: 'completed' }]);
  expect(server.requests('llm').at(-1)?.json?.messages).toMatchObject([{}, { content: 'What is the weather?' }]);
});

it('keeps words that an agent gave in somebody’s turn as words of that turn, after their own', async () => {
  const { window, server } = await talkWith(`
    async onUserTurnCompleted(_, message) {
      if (message.content[0] === 'Hello.') this.session.generateReply({ userInput: 'What is the weather?' });
    }`);
  await window.invoke('agents.select', { agentId: 'own' });
  const turn = await window.type('Hello.');
  expect(turn).toMatchObject({ outcome: 'completed', user: { committed: 'Hello.\nWhat is the weather?' } });
  const { turns } = await window.invoke('sessions.get', { sessionId: turn.sessionId });
  expect(turns).toMatchObject([{ user: { committed: 'Hello.\nWhat is the weather?' } }]);
  const found = await window.invoke('talk.retry', { turnId: turn.id });
  await window.until(() => window.turns.get(found.turnId)?.outcome ?? null);
  expect(window.turns.get(found.turnId)).toMatchObject({ user: { committed: 'Hello.\nWhat is the weather?' } });
  // What is sent again is what the user said.
  expect(JSON.stringify(server.requests('llm').map(({ json }) => json))).not.toContain('Hello.\\nWhat');
});

it('keeps what onEnter threw when the conversation began, which goes on', async () => {
  const { window } = await talkWith(`onEnter() { throw new Error('no entry'); }`);
  await expect(window.invoke('agents.select', { agentId: 'own' })).rejects.toThrow('own.onEnter failed: no entry');
  const turn = await window.type('Hello.');
  expect(turn).toMatchObject({ agentId: 'own', outcome: 'completed', error: null });
  const { faults } = await window.invoke('sessions.get', { sessionId: turn.sessionId });
  expect(faults).toMatchObject([
    { source: 'session', turnId: null, code: 'hook-failed', message: 'own.onEnter failed: no entry' },
  ]);
});
