import { describe, expect, test } from 'vitest';
import { squelch } from '../../support/squelch-command.ts';

describe('wrong usage', () => {
  test.each([
    [['--bogus'], "unknown option '--bogus'"],
    [['sing'], "unknown command 'sing'"],
    [['talk'], 'say either --audio FILE or --text WORDS'],
    [['talk', '--audio', 'a.wav', '--text', 'a'], 'say either --audio FILE or --text WORDS'],
    [['talk', '--text', '  '], '--text is empty'],
    [['talk', '--audio'], 'argument missing'],
    [['talk', '--text', 'a', '--loud'], "unknown option '--loud'"],
    [['talk', 'hello'], 'too many arguments'],
    [['sessions', 'find'], "unknown command 'find'. See `squelch sessions --help`"],
    [['sessions', 'show', '--loud'], "unknown option '--loud'. See `squelch sessions show --help`"],
    [['sessions', 'show'], "missing required argument 'id'"],
    [['sessions', '--limit', '0'], 'a number from 1'],
    [['sessions', '--limit', '9'.repeat(20)], 'It is too large'],
    [['sessions', 'search', '--min-cost', 'Infinity'], 'a number from 0'],
    [['prices', 'set', 'a', 'b', '--from', '2026-13-45'], 'a day such as 2026-11-03'],
    [['room', 'join', '--room', 'a', '--url', 'nowhere'], 'an address such as wss://'],
    [['sessions', '--since', 'yesterday'], 'a date such as 2026-11-03'],
    [['serve', '--port', '70000'], 'a number from 0 to 65535'],
    [['serve', '--port', '-1'], 'a number from 0 to 65535'],
  ])('%j is told in one line and exits with 2', async (args, message) => {
    const { status, stdout, stderr } = await squelch(args);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^squelch: .* See `squelch[^`]*--help`\.\n$/);
    expect([status, stdout]).toEqual([2, '']);
  });

  test.each([[['--help']], [['talk', '--help']], [['sessions', '--help']], [['vad']], [[]]])(
    '%j prints help',
    async (args) => {
      const { status, stdout, stderr } = await squelch(args);
      expect(stdout).toContain('Usage: squelch');
      expect([status, stderr]).toEqual([0, '']);
    },
  );

  test('--version is the package’s', async () => {
    const { default: manifest } = await import('../../../package.json', { with: { type: 'json' } });
    expect((await squelch(['--version'])).stdout).toBe(`${manifest.version}\n`);
  });
});
