import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { squelch } from '../../support/squelch-command.ts';
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

  test('fails when something required does not work, and says what', async () => {
    const home = join(await temporaryFolder(), 'file');
    await writeFile(home, '');
    const { status, stdout } = await squelch(['doctor', '--home', home]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^FAILS {4}data folder {6}.*it is a file.* — /m);
  });
});
