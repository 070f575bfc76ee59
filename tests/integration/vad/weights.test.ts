import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadVad } from '../../../src-main/speech/vad/silero-vad.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PACKAGE = 'node_modules/@ricky0123/vad-web';
const WEIGHTS = 'silero_vad_v6.onnx';

let root = '';
let models = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'squelch-weights-'));
  models = join(root, 'models');
  await mkdir(join(root, PACKAGE, 'dist'), { recursive: true });
  await cp(join(ROOT, 'models/manifest.json'), join(models, 'manifest.json'));
  await cp(join(ROOT, PACKAGE, 'dist', WEIGHTS), join(root, PACKAGE, 'dist', WEIGHTS));
});
afterEach(() => rm(root, { recursive: true }));

async function install(): Promise<string[]> {
  const { installWeights } = await import(pathToFileURL(join(ROOT, 'scripts/weights.mjs')).href);
  return installWeights(root);
}

describe('setting up', () => {
  test('copies the weights once, and the app takes them', async () => {
    expect(await install()).toEqual([WEIGHTS]);
    const { mtimeMs } = await stat(join(models, WEIGHTS));
    expect(await install()).toEqual([]);
    expect((await stat(join(models, WEIGHTS))).mtimeMs).toBe(mtimeMs);
    expect((await loadVad(models)).modelSha256).toMatch(/^1a153a22/);
  });

  test('replaces weights that were altered', async () => {
    await writeFile(join(models, WEIGHTS), 'something else');
    expect(await install()).toEqual([WEIGHTS]);
  });

  test('says what to do when the package is missing or its bytes are others', async () => {
    await appendFile(join(root, PACKAGE, 'dist', WEIGHTS), 'x');
    await expect(install()).rejects.toThrow(/is not the file that was released in @ricky0123\/vad-web .*npm ci/);
    await rm(join(root, PACKAGE), { recursive: true });
    await expect(install()).rejects.toThrow(/is missing\. Run `npm ci`/);
  });

  test('runs as a command', () => {
    const output = execFileSync(process.execPath, [join(ROOT, 'scripts/weights.mjs')], { encoding: 'utf8' });
    expect(output).toMatch(/^(The weights are in place|Copied .* into models\/)\.\n$/);
  });

  test('names the version that is installed', async () => {
    const { models: listed } = JSON.parse(await readFile(join(models, 'manifest.json'), 'utf8'));
    const { version } = JSON.parse(await readFile(join(ROOT, PACKAGE, 'package.json'), 'utf8'));
    expect(listed[0].packageVersion).toBe(version);
  });
});

describe('loading', () => {
  const fault = (code: string) => ({ name: 'Fault', code, stage: 'vad', hint: expect.stringContaining('weights.mjs') });

  test('refuses weights that are missing', async () => {
    await expect(loadVad(models)).rejects.toMatchObject(fault('weights-missing'));
  });

  test('refuses weights with one other byte', async () => {
    const bytes = await readFile(join(root, PACKAGE, 'dist', WEIGHTS));
    bytes[1_000_000] = (bytes[1_000_000] as number) ^ 1;
    await writeFile(join(models, WEIGHTS), bytes);
    await expect(loadVad(models)).rejects.toMatchObject(fault('weights-altered'));
  });

  test('refuses a folder without its manifest, or with one that lists other models', async () => {
    await writeFile(join(models, 'manifest.json'), '{"models":[]}');
    await expect(loadVad(models)).rejects.toMatchObject(fault('weights-missing'));
    await rm(join(models, 'manifest.json'));
    await expect(loadVad(models)).rejects.toMatchObject(fault('weights-missing'));
  });
});
