import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { squelch, startSquelch } from '../../support/squelch-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Report {
  readonly ok: boolean;
  readonly checks: { name: string; ok: boolean; required: boolean; detail: string; hint: string | null }[];
}

describe('doctor', () => {
  test('says what works, with the weights’ hash', async () => {
    const manifest = JSON.parse(await readFile(join(import.meta.dirname, '../../../models/manifest.json'), 'utf8'));
    const finished = await squelch(['doctor', '--json', '--home', await temporaryFolder()]);
    const { ok, checks } = finished.json() as Report;
    expect([finished.status, ok]).toEqual([0, true]);
    expect(checks.filter((check) => check.required && !check.ok)).toEqual([]);
    expect(checks.find(({ name }) => name === 'voice detection')?.detail).toContain(manifest.models[0].sha256);
    expect(checks.find(({ name }) => name === 'core')?.detail).toBe(
      'stt practice/meter, llm practice/guide, tts practice/flite-slt',
    );
  });

  test('never shows a key', async () => {
    const environment = { OPENAI_API_KEY: 'sk-never-to-be-seen', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
    const { stdout, stderr } = await squelch(['doctor', '--home', await temporaryFolder()], environment);
    expect(stdout).toContain('OPENAI_API_KEY is set, server http://127.0.0.1:9/v1');
    expect(stdout + stderr).not.toContain('never-to-be-seen');
  });

  test('never shows a password in an address, and knows what is none', async () => {
    const home = await temporaryFolder();
    const hidden = await squelch(['doctor', '--home', home], {
      OPENAI_BASE_URL: 'http://me:never-to-be-seen@127.0.0.1:9/v1',
    });
    expect(hidden.stdout).toContain('server http://127.0.0.1:9/v1');
    expect(hidden.stdout + hidden.stderr).not.toContain('never-to-be-seen');
    const { stdout } = await squelch(['doctor', '--home', home], { OPENAI_BASE_URL: 'nonsense' });
    expect(stdout).toMatch(/^without {2}keys {13}OPENAI_BASE_URL is no address: nonsense — /m);
  });

  test('finds nothing amiss where a Squelch runs', async () => {
    const home = await temporaryFolder();
    const running = startSquelch(['serve', '--port', '0', '--home', home]);
    onTestFinished(() => void running.kill());
    await new Promise((resolve) => running.stdout?.once('data', resolve));
    const { status, stdout } = await squelch(['doctor', '--home', home]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^ok {7}core {13}.* is in use by process \d+/m);
  });

  test('fails when something required does not work, and says what', async () => {
    const home = join(await temporaryFolder(), 'file');
    await writeFile(home, '');
    const { status, stdout } = await squelch(['doctor', '--home', home]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^FAILS {4}data folder {6}.*it is a file.* — /m);
  });
});
