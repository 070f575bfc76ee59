import { describe, expect, test } from 'vitest';
import { squelch } from '../../support/squelch-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function homeWithTurns(words: readonly string[]): Promise<string> {
  const home = await temporaryFolder();
  for (const text of words) await squelch(['talk', '--text', text, '--home', home]);
  return home;
}

describe('sessions', () => {
  test('lists them, newest first', async () => {
    const home = await homeWithTurns(['First words', 'Second words']);
    const { status, stdout, json } = await squelch(['sessions', 'list', '--json', '--home', home]);
    expect(status).toBe(0);
    expect(json()).toMatchObject([
      { title: 'Second words', turnCount: 1, agentId: 'assistant' },
      { title: 'First words', turnCount: 1 },
    ]);
    expect(JSON.parse(stdout)).toHaveLength(2);
    expect((await squelch(['sessions', '--limit', '1', '--home', home])).stdout).toMatch(/ 1 turn {3}Second words\n$/);
  });

  test('filters by agent and date', async () => {
    const home = await homeWithTurns(['Hello']);
    const list = async (...args: string[]) =>
      (await squelch(['sessions', '--json', '--home', home, ...args])).json() as unknown[];
    expect(await list('--agent', 'assistant')).toHaveLength(1);
    expect(await list('--agent', 'nobody')).toHaveLength(0);
    expect((await squelch(['sessions', '--agent', 'nobody', '--home', home])).stdout).toBe('Nothing found.\n');
    expect(await list('--since', '2020-01-01')).toHaveLength(1);
    expect(await list('--since', '2999-01-01')).toHaveLength(0);
    const noDay = await squelch(['sessions', '--since', '2026-02-31', '--home', home]);
    expect([noDay.status, noDay.stdout]).toEqual([2, '']);
  });

  test('shows one whole', async () => {
    const home = await homeWithTurns(['Hello']);
    const [{ id }] = (await squelch(['sessions', '--json', '--home', home])).json() as [{ id: string }];
    const shown = await squelch(['sessions', 'show', id, '--json', '--home', home]);
    expect(shown.json()).toMatchObject({
      session: { id, title: 'Hello' },
      turns: [
        {
          id: expect.any(String),
          outcome: 'completed',
          at: expect.any(Number),
          user: { committed: 'Hello' },
          requests: [],
          reply: { text: expect.stringContaining('Hello') },
          tools: [],
          timings: expect.any(Object),
          usage: expect.any(Array),
          cost: expect.anything(),
          error: null,
        },
      ],
    });
    expect((await squelch(['sessions', 'show', id, '--home', home])).stdout).toContain('  You      Hello\n');
  });

  test('knows of none before the first', async () => {
    const home = await temporaryFolder();
    expect(await squelch(['sessions', '--home', home])).toMatchObject({ status: 0, stdout: 'No conversations yet.\n' });
    expect((await squelch(['sessions', '--json', '--home', home])).json()).toEqual([]);
  });

  test('an id that is none', async () => {
    const home = await homeWithTurns(['Hello']);
    const { status, stderr, json } = await squelch(['sessions', 'show', 'nobody', '--json', '--home', home]);
    expect(status).toBe(1);
    expect(json()).toMatchObject({ error: { code: 'session-unknown' } });
    expect(stderr).toBe('squelch: There is no conversation nobody. `squelch sessions` lists them.\n');
  });
});
