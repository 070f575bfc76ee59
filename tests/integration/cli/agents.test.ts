/** Agents of one's own, from the command line: written, allowed, talked to, and what is said of broken ones. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AgentView } from '../../../src-preload/agents-contract.ts';
import { type ProviderServerOptions, startProviderServer } from '../../support/provider-server.ts';
import { squelch, startSquelch } from '../../support/squelch-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

async function write(home: string, file: string, text: string): Promise<void> {
  await mkdir(join(home, 'agents'), { recursive: true });
  await writeFile(join(home, 'agents', file), text);
}

async function provider(options: ProviderServerOptions): Promise<Record<string, string>> {
  const server = await startProviderServer(options);
  onTestFinished(() => server.close());
  return { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'sk-test-0123456789' };
}

async function listed(home: string, id: string): Promise<AgentView | undefined> {
  const finished = await squelch(['agents', '--json', '--home', home]);
  expect([finished.status, finished.stderr]).toEqual([0, '']);
  return (finished.json() as AgentView[]).find((agent) => agent.id === id);
}

/** As if each had been allowed by name. */
async function allow(home: string, ...files: string[]): Promise<void> {
  const digests = files.map(async (file) => {
    const text = await readFile(join(home, 'agents', file));
    return [file, createHash('sha256').update(text).digest('hex')];
  });
  const list = { version: 1, files: Object.fromEntries(await Promise.all(digests)) };
  await write(home, 'enabled.json', JSON.stringify(list));
}

const small = (id: string) => `export default ({ Agent }) => new Agent({ id: '${id}', instructions: 'Be brief.' });\n`;

describe('agents', () => {
  test('an agent that was written anew is off, is allowed after a warning, and can be talked to', async () => {
    const home = await temporaryFolder();
    const made = await squelch(['agents', 'new', 'note-keeper', '--json', '--home', home]);
    expect(made.json()).toEqual({ id: 'note-keeper', path: join(home, 'agents', 'note-keeper.ts') });
    expect(await listed(home, 'note-keeper')).toMatchObject({ kind: 'user', enabled: false, error: null, tools: [] });

    const refused = await squelch(['talk', '--text', 'Hello.', '--agent', 'note-keeper', '--home', home]);
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('note-keeper is switched off')]);

    const warned = await squelch(['agents', 'enable', 'note-keeper', '--home', home]);
    expect([warned.status, warned.stderr]).toEqual([1, expect.stringContaining('is code')]);
    expect(await listed(home, 'note-keeper')).toMatchObject({ enabled: false });

    const enabled = await squelch(['agents', 'enable', 'note-keeper', '--yes', '--json', '--home', home]);
    expect(enabled.status).toBe(0);
    expect(enabled.json()).toMatchObject({
      name: 'Note keeper',
      enabled: true,
      nodes: ['transcriptionNode'],
      hooks: ['onUserTurnCompleted'],
      tools: [{ name: 'remember' }],
    });

    const environment = await provider({
      reply: (messages) =>
        messages.at(-1)?.role === 'tool'
          ? `*Noted*: ${messages.at(-1)?.content}`
          : { toolCalls: [{ name: 'remember', arguments: { note: 'milk' } }] },
    });
    const talked = await squelch(
      ['talk', '--text', 'Remember the milk.', '--agent', 'note-keeper', '--home', home],
      environment,
    );
    expect(talked.status).toBe(0);
    expect(talked.stdout).toContain('Called   remember {"note":"milk"} → {"kept":["milk"]}');
    expect(talked.stdout).toContain('Squelch  Noted: {"kept":["milk"]}');

    expect((await squelch(['agents', 'disable', 'note-keeper', '--home', home])).status).toBe(0);
    expect(await listed(home, 'note-keeper')).toMatchObject({ enabled: false });
  }, 60_000);

  test('a starter passes the types that are written beside it, and they are those of what it is given', async () => {
    const home = await temporaryFolder();
    await squelch(['agents', 'new', 'typed', '--home', home]);
    await symlink(join(ROOT, 'node_modules'), join(home, 'node_modules'));
    const kit = join(ROOT, 'src-main/app/agents/user/agent-kit.ts');
    const nodes = "'sttNode' | 'llmNode' | 'ttsNode' | 'transcriptionNode' | 'realtimeAudioOutputNode'";
    const hooks = "'onEnter' | 'onExit' | 'onUserTurnCompleted'";
    const lines = [
      `import { agentKit } from '${kit}';`,
      "import type { Agent, Session, Squelch } from './squelch.d.ts';",
      "import make from './typed.ts';",
      "type Real = InstanceType<(typeof agentKit)['Agent']>;",
      'declare const real: Real;',
      'export const declared: readonly (keyof typeof agentKit)[] = [] as (keyof Squelch)[];',
      'export const given: readonly (keyof Squelch)[] = [] as (keyof typeof agentKit)[];',
      `export const overridable: Pick<Agent, ${nodes} | ${hooks}> = real;`,
      "export const updates: Pick<Agent, 'updateInstructions' | 'updateTools' | 'updateChatCtx'> = real;",
      "export const session: Pick<Session, 'say' | 'generateReply' | 'interrupt'> = real.session;",
      'export const own: Agent = make(null as unknown as Squelch);',
    ];
    await write(home, 'given.ts', lines.join('\n'));
    const options = JSON.parse(await readFile(join(ROOT, 'tsconfig.json'), 'utf8')).compilerOptions;
    await write(home, 'tsconfig.json', JSON.stringify({ compilerOptions: options, files: ['given.ts', 'typed.ts'] }));
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    const checked = await promisify(execFile)(tsc, ['-p', join(home, 'agents')]).catch((thrown) => thrown);
    // What it imports of the repository is checked elsewhere.
    const said = String(checked.stdout).split('\n');
    expect(said.filter((line) => /agents\/(given|typed|squelch)\b/.test(line))).toEqual([]);
  });

  test('what is wrong with one is told with its place, and takes nothing else down', async () => {
    const home = await temporaryFolder();
    const broken = {
      'syntax.ts': 'export default () => {\n  const = 1;\n};\n',
      'loading.ts': '\n\nthrow new Error("no such planet");\n',
      'making.ts': 'export default () => {\n  null.x;\n};\n',
      'no-function.ts': 'export const name = "Broken";\n',
      'no-agent.js': 'export default () => ({ id: "no-agent" });\n',
      'other.js': small('another'),
      'missing.js': 'import "./not-there.js";\n',
    };
    const all = { ...broken, 'sound.js': small('sound') };
    for (const [file, text] of Object.entries(all)) await write(home, file, text);
    await allow(home, ...Object.keys(all));
    const list = (await squelch(['agents', '--json', '--home', home])).json() as AgentView[];
    const told = list.filter(({ kind }) => kind === 'user').map(({ id, error }) => [id, error?.code, error?.message]);
    expect(told).toEqual([
      ['loading', 'agent-broken', 'loading.ts:3: no such planet'],
      ['making', 'agent-broken', expect.stringMatching(/^making\.ts:2: Cannot read properties/)],
      ['missing', 'agent-broken', expect.stringContaining('not-there.js')],
      ['no-agent', 'agent-broken', 'no-agent.js: its function must return an agent'],
      ['no-function', 'agent-broken', expect.stringContaining('its export default must be a function')],
      ['other', 'agent-broken', expect.stringContaining('its agent has the id "another"; it must be that of the file')],
      ['sound', undefined, undefined],
      ['syntax', 'agent-broken', expect.stringMatching(/^syntax\.ts:2: /)],
    ]);
    const talked = await squelch(['talk', '--text', 'Hello.', '--agent', 'sound', '--home', home]);
    expect([talked.status, talked.stderr]).toEqual([0, '']);
    const refused = await squelch(['agents', 'enable', 'syntax', '--yes', '--home', home]);
    expect([refused.status, refused.stdout]).toEqual([1, expect.stringContaining('Mend the file')]);
  }, 60_000);

  test('one that never ends when it is read is off at the next start, and says why', async () => {
    const home = await temporaryFolder();
    await write(home, 'endless.js', `for (;;);\n${small('endless')}`);
    await write(home, 'sound.js', small('sound'));
    await allow(home, 'endless.js', 'sound.js');
    const first = startSquelch(['agents', '--home', home]);
    await expect.poll(() => existsSync(join(home, 'agent-being-read.json')), { timeout: 20_000 }).toBe(true);
    first.kill('SIGKILL');
    await once(first, 'exit');

    expect(await listed(home, 'endless')).toMatchObject({ enabled: false, error: { code: 'agent-stuck' } });
    expect(await listed(home, 'sound')).toMatchObject({ enabled: true, error: null });
    expect(existsSync(join(home, 'agent-being-read.json'))).toBe(false);
    await write(home, 'endless.js', small('endless'));
    expect((await squelch(['agents', 'enable', 'endless', '--yes', '--home', home])).status).toBe(0);
    expect(await listed(home, 'endless')).toMatchObject({ enabled: true, error: null });
  }, 60_000);

  test('two with one id are both refused, whether files or one that ships', async () => {
    const home = await temporaryFolder();
    await write(home, 'twin.ts', small('twin'));
    await write(home, 'twin.js', small('twin'));
    await write(home, 'assistant.ts', small('assistant'));
    const list = (await squelch(['agents', '--json', '--home', home])).json() as AgentView[];
    const errors = list.filter(({ kind }) => kind === 'user').map(({ error }) => [error?.code, error?.message]);
    expect(errors).toEqual([
      ['agent-id-taken', 'There is another agent assistant'],
      ['agent-id-taken', 'twin.js and twin.ts have one id'],
      ['agent-id-taken', 'twin.ts and twin.js have one id'],
    ]);
  });

  test('a name that can’t be one is refused, and a file is never written over', async () => {
    const home = await temporaryFolder();
    const invalid = await squelch(['agents', 'new', '../evil', '--home', home]);
    expect([invalid.status, invalid.stderr]).toEqual([1, expect.stringContaining('is no name for an agent')]);
    await write(home, 'mine.js', small('mine'));
    const taken = await squelch(['agents', 'new', 'mine', '--home', home]);
    expect([taken.status, taken.stderr]).toEqual([1, expect.stringContaining('already')]);
  });

  test('a list of what may run that can’t be read lets nothing run', async () => {
    const home = await temporaryFolder();
    await write(home, 'sound.js', small('sound'));
    await squelch(['agents', 'enable', 'sound', '--yes', '--home', home]);
    expect(await listed(home, 'sound')).toMatchObject({ enabled: true });
    await write(home, 'enabled.json', '{ "version": 1, "files": { "sound.js": true } }');
    expect(await listed(home, 'sound')).toMatchObject({ enabled: false, error: null });
    await rm(join(home, 'agents', 'sound.js'));
    expect(await listed(home, 'sound')).toBeUndefined();
  });
});
