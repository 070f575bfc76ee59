/** Calls of tool servers that must be allowed, from the command line: denied with a reason, or allowed beforehand. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { startProviderServer } from '../../support/provider-server.ts';
import { type Finished, squelch } from '../../support/squelch-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const PROGRAM = fileURLToPath(new URL('../../support/mcp-stdio-server.ts', import.meta.url));

async function talk(...options: string[]): Promise<{ talked: Finished; shown: Finished }> {
  const home = await temporaryFolder();
  const transport = { type: 'stdio', command: process.execPath, args: [PROGRAM], env: {} };
  const mcp = [{ name: 'tools', transport, approval: 'ask', enabled: true }];
  await writeFile(join(home, 'settings.json'), JSON.stringify({ version: 1, mcp }));
  const server = await startProviderServer({
    reply: (messages) =>
      messages.at(-1)?.role === 'tool'
        ? `It said: ${messages.at(-1)?.content}`
        : { toolCalls: [{ name: 'tools__add', arguments: { a: 2, b: 2 } }] },
  });
  onTestFinished(() => server.close());
  const inHome = ['--home', home];
  const environment = { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'sk-test-0123456789' };
  const talked = await squelch(['talk', '--text', 'What is 2 and 2?', ...inHome, ...options], environment);
  const [session] = (await squelch(['sessions', '--json', ...inHome])).json() as { id: string }[];
  return { talked, shown: await squelch(['sessions', 'show', session?.id ?? '', ...inHome]) };
}

test('a call that must be allowed is denied, and the reason said', async () => {
  const {
    talked: { status, stdout, stderr },
    shown,
  } = await talk();
  expect(stderr).toBe('Denied add of tools: run it with --approve-tools to allow such calls.\n');
  expect(stdout).toContain(
    'Called   tools__add {"a":2,"b":2} → error: The user did not allow this call. (tool server tools; denied)',
  );
  expect(shown.stdout).toContain(
    '  Called   tools__add {"a":2,"b":2} → error: The user did not allow this call. (tool',
  );
  expect(status).toBe(0);
});

test('with --approve-tools it is made', async () => {
  const {
    talked: { status, stdout, stderr },
    shown,
  } = await talk('--approve-tools');
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('Called   tools__add {"a":2,"b":2} → 4');
  expect(shown.stdout).toContain('  Called   tools__add {"a":2,"b":2} → 4');
  expect(stdout).toContain('Squelch  It said: 4');
});
