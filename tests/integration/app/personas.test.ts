/** Personas: agents without code, kept in one file, each with instructions, a voice and models of its own. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AgentView } from '../../../src-preload/agents-contract.ts';
import { startApp } from '../../support/running-app.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const POET = {
  id: null,
  name: 'Poet',
  instructions: 'Answer in verse.\nRhyme.',
  voice: 'fable',
  models: { stt: null, llm: 'gpt-poem', tts: 'tts-poem' },
  mcpServers: [],
};

describe('a persona', () => {
  it('is listed, talked to with what is its own, and remembered as the agent to talk to', async () => {
    const home = await temporaryFolder();
    const { app, window, server } = await startApp(home);
    const changes: AgentView[][] = [];
    window.on('agents.changed', (agents) => changes.push(agents));
    const poet = await window.invoke('personas.save', POET);
    expect(poet).toMatchObject({
      kind: 'persona',
      name: 'Poet',
      description: 'Answer in verse.',
      voice: 'fable',
      models: POET.models,
      nodes: [],
      error: null,
    });
    expect(changes.at(-1)).toContainEqual(poet);
    expect(await window.invoke('agents.list', {})).toContainEqual(poet);

    await window.invoke('agents.select', { agentId: poet.id });
    const turn = await window.type('A poem, please.');
    expect(window.conversation?.agentId).toBe(poet.id);
    expect(turn.models).toMatchObject({ llm: 'openai/gpt-poem', tts: 'openai/tts-poem/fable' });
    const asked = server.requests('llm').at(-1)?.json;
    expect(asked).toMatchObject({ model: 'gpt-poem', messages: [{ role: 'system', content: POET.instructions }, {}] });
    expect(server.requests('tts').at(-1)?.json).toMatchObject({ model: 'tts-poem', voice: 'fable' });

    await app.close();
    const again = await startApp(home);
    const { conversation } = await again.window.invoke('conversation.get', {});
    expect(conversation.agentId).toBe(poet.id);
  });

  it('is edited and deleted; a conversation with one that is gone begins with the assistant, and says so', async () => {
    const home = await temporaryFolder();
    const { app, window } = await startApp(home);
    const { id } = await window.invoke('personas.save', POET);
    await window.invoke('personas.save', { ...POET, id, name: 'Bard' });
    const names = (await window.invoke('agents.list', {}))
      .filter(({ kind }) => kind === 'persona')
      .map((one) => one.name);
    expect(names).toEqual(['Bard']);
    await window.invoke('agents.select', { agentId: id });
    await window.invoke('personas.delete', { id });
    await expect(window.invoke('agents.select', { agentId: id })).rejects.toMatchObject({ code: 'agent-unknown' });
    await expect(window.invoke('personas.delete', { id })).rejects.toMatchObject({ code: 'persona-unknown' });
    await expect(window.invoke('personas.save', { ...POET, id })).rejects.toMatchObject({ code: 'persona-unknown' });

    await app.close();
    const again = await startApp(home);
    const { notices } = await again.window.invoke('app.get', {});
    expect(notices).toMatchObject([{ level: 'warning', message: expect.stringContaining(id) }]);
    expect((await again.window.invoke('conversation.get', {})).conversation.agentId).toBe('assistant');
  });

  it('keeps what a newer Squelch has written into it', async () => {
    const home = await temporaryFolder();
    const models = { ...POET.models, vad: 'small' };
    const document = { version: 1, choirs: ['a'], personas: [{ ...POET, id: 'poet', models, verse: 'free' }] };
    await writeFile(join(home, 'personas.json'), JSON.stringify(document));
    const { window } = await startApp(home);
    await window.invoke('personas.save', { ...POET, id: 'poet', name: 'Bard' });
    const written = JSON.parse(await readFile(join(home, 'personas.json'), 'utf8'));
    expect(written).toEqual({ ...document, personas: [{ ...document.personas[0], name: 'Bard' }] });
  });

  it('edited by hand while Squelch runs is what the next change begins with, and is listed from then on', async () => {
    const home = await temporaryFolder();
    const path = join(home, 'personas.json');
    const { window } = await startApp(home);
    const poet = await window.invoke('personas.save', POET);
    const document = JSON.parse(await readFile(path, 'utf8'));
    const bard = { ...POET, id: 'bard', name: 'Bard' };
    document.personas = [{ ...document.personas[0], name: 'Elegist', verse: 'free' }, bard];
    // As editors of Windows begin a file.
    await writeFile(path, `\uFEFF${JSON.stringify({ ...document, choirs: ['a'] })}`);
    const changes: AgentView[][] = [];
    window.on('agents.changed', (agents) => changes.push(agents));

    await window.invoke('personas.save', { ...POET, id: poet.id, voice: 'onyx' });
    const cook = await window.invoke('personas.save', { ...POET, name: 'Cook' });
    const names = (changes.at(-1) ?? []).filter(({ kind }) => kind === 'persona').map(({ name }) => name);
    expect(names).toEqual(['Elegist', 'Bard', 'Cook']);
    await window.invoke('personas.delete', { id: 'bard' });
    const written = JSON.parse(await readFile(path, 'utf8'));
    expect(written.choirs).toEqual(['a']);
    expect(written.personas).toMatchObject([
      { id: poet.id, name: 'Elegist', voice: 'onyx', verse: 'free' },
      { id: cook.id },
    ]);
  });

  it('is not lost to a file that was broken by hand while Squelch runs: that one is kept aside', async () => {
    const home = await temporaryFolder();
    const path = join(home, 'personas.json');
    const { window } = await startApp(home);
    await window.invoke('personas.save', POET);
    await writeFile(path, '{ "version": 1, "personas": [');
    await window.invoke('personas.save', { ...POET, name: 'Cook' });
    const { personas } = JSON.parse(await readFile(path, 'utf8'));
    expect(personas).toMatchObject([{ name: 'Poet' }, { name: 'Cook' }]);
    expect((await window.invoke('app.get', {})).notices).toMatchObject([
      { message: expect.stringMatching(/not JSON/) },
    ]);
    const kept = (await readdir(home)).find((name) => name.startsWith('personas.json.') && name.endsWith('.bad'));
    expect(await readFile(join(home, kept ?? 'none'), 'utf8')).toBe('{ "version": 1, "personas": [');
  });

  it('taken out of the file by hand can’t be saved any more, and is no longer listed', async () => {
    const home = await temporaryFolder();
    const { window } = await startApp(home);
    const { id } = await window.invoke('personas.save', POET);
    await writeFile(join(home, 'personas.json'), JSON.stringify({ version: 1, personas: [] }));
    await expect(window.invoke('personas.save', { ...POET, id })).rejects.toMatchObject({ code: 'persona-unknown' });
    expect((await window.invoke('agents.list', {})).map((one) => one.id)).not.toContain(id);
  });

  it('that is no agent file is not switched on and off', async () => {
    const { window } = await startApp(await temporaryFolder());
    const { id } = await window.invoke('personas.save', POET);
    await expect(window.invoke('agents.setEnabled', { agentId: id, enabled: false })).rejects.toMatchObject({
      code: 'agent-always-on',
    });
  });
});

describe('a file of personas that can’t be used', () => {
  it.each([
    ['is not JSON', '{ "version": 1,', /it is not JSON/],
    [
      'lacks what it must have',
      '{ "version": 1, "personas": [{ "id": "p", "name": "P" }] }',
      /personas\.0\.instructions/,
    ],
    [
      'has two with one id',
      JSON.stringify({
        version: 1,
        personas: [
          { ...POET, id: 'same' },
          { ...POET, id: 'same' },
        ],
      }),
      /two agents have the id same/,
    ],
    [
      'has one with the id of an agent that ships',
      JSON.stringify({ version: 1, personas: [{ ...POET, id: 'assistant' }] }),
      /two agents have the id assistant/,
    ],
  ])('%s: is kept aside, and everything else works', async (_, text, reason) => {
    const home = await temporaryFolder();
    await writeFile(join(home, 'personas.json'), text);
    const { window } = await startApp(home);
    const { notices } = await window.invoke('app.get', {});
    expect(notices).toMatchObject([{ level: 'warning', message: expect.stringMatching(reason) }]);
    const kept = (await readdir(home)).find((name) => name.startsWith('personas.json.') && name.endsWith('.bad'));
    expect(await readFile(join(home, kept ?? 'none'), 'utf8')).toBe(text);
    expect((await window.type('Hello.')).outcome).toBe('completed');
  });

  it('of a newer Squelch is used as far as it is understood, and never written', async () => {
    const home = await temporaryFolder();
    const text = JSON.stringify({ version: 2, personas: [{ ...POET, id: 'poet' }, { verse: 'free' }], choirs: [] });
    await writeFile(join(home, 'personas.json'), text);
    const { window } = await startApp(home);
    expect(await window.invoke('agents.list', {})).toContainEqual(expect.objectContaining({ id: 'poet' }));
    const { notices } = await window.invoke('app.get', {});
    expect(notices).toMatchObject([{ message: expect.stringContaining('newer Squelch') }]);
    await expect(window.invoke('personas.save', { ...POET, id: 'poet' })).rejects.toMatchObject({
      code: 'persona-not-saved',
      hint: expect.stringContaining('newer Squelch'),
    });
    expect(await readFile(join(home, 'personas.json'), 'utf8')).toBe(text);
  });
});
