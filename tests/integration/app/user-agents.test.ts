/** Agent files of the user's in a running app: read anew when saved, and never able to take it down. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentView } from '../../../src-preload/agents-contract.ts';
import { makeReadOnly } from '../../support/read-only-folder.ts';
import { startApp } from '../../support/running-app.ts';
import { squelch } from '../../support/squelch-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { TestWindow } from '../../support/test-window.ts';

async function write(home: string, file: string, text: string): Promise<void> {
  await mkdir(join(home, 'agents'), { recursive: true });
  await writeFile(join(home, 'agents', file), text);
}

const telling = (words: string, more = '') =>
  `export default ({ Agent }) => new Agent({ id: 'own', instructions: ${JSON.stringify(words)} });\n${more}`;

/** The newest view of the agent `own`, once `look` finds something in it. */
async function seen(window: TestWindow, look: (own: AgentView) => boolean): Promise<AgentView> {
  let latest: AgentView | undefined;
  window.on('agents.changed', (agents) => {
    latest = agents.find(({ id }) => id === 'own');
  });
  latest ??= (await window.invoke('agents.list', {})).find(({ id }) => id === 'own');
  return window.until(() => (latest && look(latest) ? latest : null));
}

describe('an agent file', () => {
  it('runs nothing before it is allowed', async () => {
    const home = await temporaryFolder();
    await write(home, 'own.mjs', telling('Be kind.', 'globalThis.ownAgentRan = true;'));
    const { window } = await startApp(home);
    const agent = await seen(window, () => true);
    expect(agent).toMatchObject({ kind: 'user', enabled: false, instructions: '', file: join(home, 'agents/own.mjs') });
    await expect(window.invoke('agents.select', { agentId: 'own' })).rejects.toMatchObject({ code: 'agent-off' });
    expect(globalThis).not.toHaveProperty('ownAgentRan');
    await window.invoke('agents.setEnabled', { agentId: 'own', enabled: true });
    expect(globalThis).toHaveProperty('ownAgentRan', true);
    Reflect.deleteProperty(globalThis, 'ownAgentRan');
  });

  it('is read anew when it is saved; a broken one is told of, and the last conversation goes on', async () => {
    const home = await temporaryFolder();
    const { window, server } = await startApp(home);
    await write(home, 'own.mjs', telling('Be kind.'));
    await seen(window, ({ enabled }) => !enabled);
    await window.invoke('agents.setEnabled', { agentId: 'own', enabled: true });
    await window.invoke('agents.select', { agentId: 'own' });
    await window.type('Hello.');

    await write(home, 'own.mjs', 'throw new Error("not yet");\n');
    const broken = await seen(window, ({ error }) => error !== null);
    expect(broken).toMatchObject({ enabled: true, error: { code: 'agent-broken', message: 'own.mjs:1: not yet' } });
    await expect(window.invoke('agents.select', { agentId: 'own' })).rejects.toMatchObject({ code: 'agent-broken' });
    expect((await window.type('Still there?')).outcome).toBe('completed');

    await write(home, 'own.mjs', telling('Be brief.'));
    await seen(window, ({ instructions }) => instructions === 'Be brief.');
    await window.invoke('agents.select', { agentId: 'own' });
    await window.type('Hello again.');
    expect(server.requests('llm').at(-1)?.json?.messages).toMatchObject([{ content: 'Be brief.' }, {}]);
  });

  it('hands over to another: who listens is told at once', async () => {
    const home = await temporaryFolder();
    const desk = `tool({ name: 'desk', description: '', parameters: z.object({}), execute: () => ({
      agent: new Agent({ id: 'desk', instructions: 'Book.' }), result: 'The desk took over.' }) })`;
    await write(
      home,
      'own.mjs',
      `export default ({ Agent, tool, z }) => new Agent({ id: 'own', instructions: 'Ask.', tools: [${desk}] });`,
    );
    const { window } = await startApp(home, {
      reply: (messages) =>
        messages.some(({ role }) => role === 'tool')
          ? 'At your service.'
          : { toolCalls: [{ name: 'desk', arguments: {} }] },
    });
    await window.invoke('agents.setEnabled', { agentId: 'own', enabled: true });
    await window.invoke('agents.select', { agentId: 'own' });
    const listeners: string[] = [];
    window.on('conversation.changed', ({ phase, agentId }) => listeners.push(`${phase}: ${agentId}`));
    const turn = await window.type('A table, please.');
    expect(turn.steps).toMatchObject([
      { type: 'tool', name: 'desk', output: 'The desk took over.' },
      { type: 'handoff', from: 'own', to: 'desk' },
    ]);
    expect(listeners).toEqual(expect.arrayContaining(['thinking: own', 'thinking: desk', 'speaking: desk']));
  });

  it('changed while Squelch was closed still runs, and the user is told', async () => {
    const home = await temporaryFolder();
    await write(home, 'own.mjs', telling('Be kind.'));
    const first = await startApp(home);
    await first.window.invoke('agents.setEnabled', { agentId: 'own', enabled: true });
    await first.app.close();
    await write(home, 'own.mjs', telling('Be brief.'));
    const { window } = await startApp(home);
    expect(await seen(window, () => true)).toMatchObject({ enabled: true, instructions: 'Be brief.' });
    const { notices } = await window.invoke('app.get', {});
    expect(notices).toMatchObject([{ message: 'own.mjs was changed while Squelch was closed.' }]);
  });

  it('that throws when nobody waits for it any more ends nothing', async () => {
    const home = await temporaryFolder();
    const later =
      "setTimeout(() => { throw new Error('from a timer'); }, 0);\nvoid Promise.reject(new Error('forgotten'));\n";
    await write(home, 'own.mjs', telling('Be kind.', later));
    expect((await squelch(['talk', '--text', 'Hello.', '--home', home])).status).toBe(0);
    await squelch(['agents', 'enable', 'own', '--yes', '--home', home]);
    const talked = await squelch(['talk', '--text', 'Hello.', '--agent', 'own', '--home', home]);
    const failed = (what: string) =>
      `squelch: An agent file of yours failed: ${what}. Mend it: it works outside of any turn.`;
    const told = talked.stderr.split('\n').filter((line) => line !== '');
    expect([talked.status, told.toSorted()]).toEqual([0, [failed('forgotten'), failed('from a timer')]]);
  }, 60_000);
});

describe('the list of those that may run', () => {
  it('that is broken, where it can’t be set aside, stops no later reading', async (context) => {
    const home = await temporaryFolder();
    await write(home, 'own.mjs', telling('Be kind.'));
    await write(home, 'enabled.json', 'half a fi');
    const writable = makeReadOnly(join(home, 'agents'), context);
    const { window } = await startApp(home);
    const { notices } = await window.invoke('app.get', {});
    expect(notices).toMatchObject([{ message: expect.stringContaining('none of them runs') }]);
    expect(await seen(window, () => true)).toMatchObject({ enabled: false });
    writable();
    await window.invoke('agents.setEnabled', { agentId: 'own', enabled: true });
    expect(await seen(window, ({ enabled }) => enabled)).toMatchObject({ instructions: 'Be kind.' });
  });

  it('of a newer Squelch still says who may, and is never written', async () => {
    const home = await temporaryFolder();
    const text = telling('Be kind.');
    await write(home, 'own.mjs', text);
    const sha256 = createHash('sha256').update(text).digest('hex');
    const list = JSON.stringify({ version: 2, files: { 'own.mjs': sha256 }, folders: [] });
    await write(home, 'enabled.json', list);
    const { window } = await startApp(home);
    expect(await seen(window, () => true)).toMatchObject({ enabled: true, instructions: 'Be kind.' });
    await expect(window.invoke('agents.setEnabled', { agentId: 'own', enabled: false })).rejects.toMatchObject({
      code: 'agent-not-saved',
    });
    await write(home, 'own.mjs', telling('Be brief.'));
    await seen(window, ({ instructions }) => instructions === 'Be brief.');
    expect(await readFile(join(home, 'agents', 'enabled.json'), 'utf8')).toBe(list);
  });

  it('is not the shorter for a file that can’t be read', async () => {
    const home = await temporaryFolder();
    await write(home, 'own.mjs', telling('Be kind.'));
    await symlink('nowhere.mjs', join(home, 'agents', 'gone.mjs'));
    const { window } = await startApp(home);
    expect(await seen(window, () => true)).toMatchObject({ enabled: false });
  });
});
