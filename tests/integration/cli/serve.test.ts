import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { squelch, startSquelch } from '../../support/squelch-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function serve(home: string, ...args: string[]) {
  const child = startSquelch(['serve', '--port', '0', '--json', '--home', home, ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  if (!child.stdout) throw new Error('No output');
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += chunk;
    if (printed.endsWith('}\n')) break;
  }
  return { child, ...(JSON.parse(printed) as { url: string; port: number }) };
}

describe('serve', () => {
  test('prints one link that lets a browser in', async () => {
    const { url, port } = await serve(await temporaryFolder());
    expect(url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/open/[\\w-]{43}$`));
    const answer = await fetch(url, { redirect: 'manual' });
    expect(answer.status).toBe(303);
    const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie } });
    expect(await page.text()).toContain('<title>Squelch</title>');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('stops in order at %s and frees the folder', async (signal) => {
    const home = await temporaryFolder();
    const { child } = await serve(home);
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect((await squelch(['talk', '--text', 'Hello', '--home', home])).status).toBe(0);
  });

  test('a port that is in use', async () => {
    const { port } = await serve(await temporaryFolder());
    const { status, stderr } = await squelch(['serve', '--port', String(port), '--home', await temporaryFolder()]);
    expect(status).toBe(1);
    expect(stderr).toMatch(new RegExp(`^squelch: Port ${port} is in use\\. .*--port.*\\n$`));
  });
});
