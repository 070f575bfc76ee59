import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { squelch } from '../../support/squelch-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

// Each test starts several processes.
vi.setConfig({ testTimeout: 60_000 });

async function usedHome(): Promise<{ home: string; sessionId: string; turnId: string }> {
  const home = await temporaryFolder();
  const talked = await squelch(['talk', '--text', 'Tell me about radios, 收音机', '--json', '--home', home]);
  return { home, ...(talked.json() as { sessionId: string; turnId: string }) };
}

describe('sessions search', () => {
  test('finds what was said, and prints what scripts are promised', async () => {
    const { home, sessionId, turnId } = await usedHome();
    const found = await squelch(['sessions', 'search', '收音', '--json', '--home', home]);
    expect(found.status).toBe(0);
    expect(found.json()).toMatchObject([{ sessionId, turnId, at: expect.any(Number), role: 'user' }]);
    expect((await squelch(['sessions', 'search', 'radios', '--home', home])).stdout).toContain('Tell me about radios');
    expect((await squelch(['sessions', 'search', 'zebra', '--home', home])).stdout).toBe('Nothing found.\n');
    const none = await squelch(['sessions', 'search', 'radios', '--errors', '--json', '--home', home]);
    expect(none.json()).toEqual([]);
  });

  test('wants something to look for', async () => {
    const { home } = await usedHome();
    expect((await squelch(['sessions', 'search', '--home', home])).status).toBe(2);
    expect((await squelch(['sessions', 'search', 'a', '--min-cost', 'much', '--home', home])).status).toBe(2);
    const { status, stderr } = await squelch(['sessions', 'search', '?!', '--home', home]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('no letters or digits')]);
  });
});

describe('sessions export', () => {
  test('writes the file and says where it is', async () => {
    const { home, sessionId } = await usedHome();
    const out = join(home, 'session.json');
    const args = ['sessions', 'export', sessionId, '--format', 'json', '--out', out, '--home', home];
    const first = await squelch([...args, '--json']);
    expect(first.json()).toMatchObject({ path: out, format: 'json', turns: 1, bytes: readFileSync(out).length });
    const again = await squelch(args);
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('--force')]);
    expect((await squelch([...args, '--force'])).status).toBe(0);
  });

  test('writes what a search finds, or some turns, and wants to know which', async () => {
    const { home, turnId } = await usedHome();
    const out = join(home, 'found.csv');
    const exporting = (...which: string[]) =>
      squelch(['sessions', 'export', ...which, '--format', 'csv', '--out', out, '--force', '--json', '--home', home]);
    expect((await exporting('--search', '收音')).json()).toMatchObject({ sessions: 1, turns: 1 });
    expect((await exporting('--turn', turnId)).json()).toMatchObject({ sessions: 1, turns: 1 });
    expect((await exporting('--outcome', 'completed')).json()).toMatchObject({ turns: 1 });
    expect((await exporting()).status).toBe(2);
    expect((await exporting('a', '--search', 'b')).status).toBe(2);
    expect((await exporting('--search', 'zebra')).json()).toMatchObject({ error: { code: 'export-empty' } });
  });

  test('refuses what it does not know, and leaves nothing', async () => {
    const { home, sessionId } = await usedHome();
    const out = join(home, 'out');
    const exporting = (id: string, format: string) =>
      squelch(['sessions', 'export', id, '--format', format, '--out', out, '--home', home]);
    expect((await exporting(sessionId, 'ogg')).status).toBe(2);
    expect(await exporting('nobody', 'mp3')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no conversation'),
    });
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(home).filter((name) => name.endsWith('.part'))).toEqual([]);
  });
});

describe('sessions retry', () => {
  test('sends a turn again, as a turn of its own', async () => {
    const { home, sessionId, turnId } = await usedHome();
    const { status, json } = await squelch(['sessions', 'retry', turnId, '--json', '--home', home]);
    expect(status).toBe(0);
    expect(json()).toMatchObject({ outcome: 'completed', sessionId, transcript: 'Tell me about radios, 收音机' });
    const elsewhere = await squelch(['sessions', 'retry', turnId, '--agent', 'dictation', '--json', '--home', home]);
    expect(elsewhere.json()).toMatchObject({ outcome: 'completed', reply: '' });
    const nobody = await squelch(['sessions', 'retry', turnId, '--agent', 'nobody', '--home', home]);
    expect([nobody.status, nobody.stderr]).toEqual([1, expect.stringContaining('There is no agent')]);
    const unknown = await squelch(['sessions', 'retry', 'nobody', '--home', home]);
    expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringContaining('There is no turn')]);
  });
});

describe('sessions usage', () => {
  test('adds up, and says when the user’s prices can’t be used', async () => {
    const { home } = await usedHome();
    const sums = await squelch(['sessions', 'usage', '--by', 'agent', '--json', '--home', home]);
    expect(sums.json()).toMatchObject([{ key: 'assistant', turns: 1, cost: 0, unpricedCalls: 0 }]);
    writeFileSync(join(home, 'prices.json'), '{');
    const { status, stderr } = await squelch(['sessions', 'usage', '--home', home]);
    expect([status, stderr]).toEqual([0, expect.stringContaining('it is not JSON')]);
  });
});

describe('prices', () => {
  test('are listed, set from a day on and removed', async () => {
    const home = await temporaryFolder();
    const prices = (...args: string[]) => squelch(['prices', ...args, '--home', home]);
    const where = ['api.openai.com', 'gpt-5-mini', '--from', '2027-01-01'];
    const set = await prices('set', ...where, '--input', '0.2', '--output', '1.8', '--json');
    expect(set.json()).toMatchObject([
      { from: '2027-01-01', input: 0.2, output: 1.8, own: true },
      { from: null, input: 0.25, own: true },
    ]);
    const own = await prices('--own');
    expect(own.stdout).toContain('$0.2 in, $1.8 out\n    api.openai.com · from 2027-01-01 · yours');
    expect((await prices('--json')).json()).toMatchObject({ file: join(home, 'prices.json'), problem: null });
    expect((await prices('remove', ...where)).status).toBe(0);
    expect(await prices('remove', ...where)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no price of yours'),
    });
    expect((await prices('set', ...where, '--input', 'much')).status).toBe(2);
    const oneWay = await prices('set', ...where, '--input', '1');
    expect([oneWay.status, oneWay.stderr]).toEqual([1, expect.stringContaining('both ways')]);
  });
});
