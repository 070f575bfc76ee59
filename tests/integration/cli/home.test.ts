/** A data folder that is not as it should be: one line that says what and how to mend it. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { squelch, startSquelch } from '../../support/squelch-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const type = (home: string) => squelch(['talk', '--text', 'Hello', '--home', home]);

describe('the data folder', () => {
  test('is made, also from SQUELCH_HOME', async () => {
    const home = join(await temporaryFolder(), 'a', 'b');
    const finished = await squelch(['talk', '--text', 'Hello'], { SQUELCH_HOME: home });
    expect(finished.status).toBe(0);
    expect(await readdir(home)).toContain('log');
  });

  test('that is a file', async () => {
    const home = join(await temporaryFolder(), 'file');
    await writeFile(home, '');
    const { status, stderr } = await type(home);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^squelch: .*it is a file.*--home or SQUELCH_HOME.*\n$/);
  });

  test.each([
    [['sessions']],
    [['sessions', 'search', 'hello']],
    [['sessions', 'verify']],
    [['sessions', 'usage']],
    [['agents']],
    [['prices']],
  ])('that is a file is no empty folder to %j', async (args) => {
    const home = join(await temporaryFolder(), 'file');
    await writeFile(home, '');
    const { status, stdout, stderr } = await squelch([...args, '--home', home]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^squelch: .*it is a file.*\n$/);
  });

  test('that is not there verifies nothing', async () => {
    const home = join(await temporaryFolder(), 'mistyped');
    const { status, stderr } = await squelch(['sessions', 'verify', '--home', home]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^squelch: There is no log in .*mistyped yet\. .*\n$/);
    expect(await readdir(join(home, '..'))).toEqual([]);
  });

  test('that another Squelch uses; reading its log still works', async () => {
    const home = await temporaryFolder();
    const first = startSquelch(['serve', '--port', '0', '--json', '--home', home]);
    onTestFinished(() => void first.kill());
    await new Promise((resolve) => first.stdout?.once('data', resolve));
    const { status, stderr } = await type(home);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^squelch: .*is in use.*\n$/);
    expect((await squelch(['sessions', '--json', '--home', home])).status).toBe(0);
  });

  test('with settings of the wrong type: set aside, the defaults used', async () => {
    const home = await temporaryFolder();
    await writeFile(join(home, 'settings.json'), '{"version":1,"stt":7}');
    expect((await squelch(['agents', '--home', home])).stderr).toMatch(/^squelch: The settings file .*\n$/);
    expect((await type(home)).status).toBe(0);
    const aside = (await readdir(home)).filter((name) => name.startsWith('settings') && name !== 'settings.json');
    expect(aside).toHaveLength(1);
    expect(await readFile(join(home, aside[0] ?? ''), 'utf8')).toBe('{"version":1,"stt":7}');
  });

  test('with a log from the future: left as it is', async () => {
    const home = await temporaryFolder();
    await type(home);
    const database = new Database(join(home, 'log', 'squelch.db'));
    database.pragma('user_version = 999');
    database.close();
    for (const args of [['talk', '--text', 'Hello'], ['sessions']]) {
      const { status, stderr } = await squelch([...args, '--home', home]);
      expect(status).toBe(1);
      expect(stderr).toMatch(/^squelch: .*newer.*\n$/i);
    }
  });

  test('with a log that is none, which is set aside and told of', async () => {
    const home = await temporaryFolder();
    await mkdir(join(home, 'log'));
    await writeFile(join(home, 'log', 'squelch.db'), 'not a database, but long enough to be looked at'.repeat(100));
    const { status, stderr } = await type(home);
    expect(status).toBe(0);
    expect(stderr).toMatch(/damaged/);
    const [aside] = (await readdir(join(home, 'log'))).filter((name) => name.startsWith('damaged-'));
    expect(await readFile(join(home, 'log', String(aside), 'squelch.db'), 'utf8')).toMatch(/^not a database/);
  });
});
