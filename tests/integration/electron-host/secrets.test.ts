/** The file of keys, encrypted by a double of Electron's keychain: what is read, written and left alone. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openSecretStore } from '../../../src-main/hosts/electron/secrets.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import * as electron from './electron-double.ts';

vi.mock('electron', () => import('./electron-double.ts'));

test('keys are not lost to a file that can’t be read just now', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'keys.json'), { recursive: true });
  const store = await openSecretStore(folder);
  expect(await store.get('stt')).toBeNull();
  await expect(store.set('stt', 'sk-secret')).rejects.toMatchObject({
    code: 'key-not-kept',
    cause: expect.objectContaining({ code: 'EISDIR', syscall: 'read' }),
  });
});

test('keys of a newer Squelch are read as far as they are understood, and never written over', async () => {
  const encrypted = (await electron.safeStorage.encryptStringAsync('sk-theirs')).toString('base64');
  const folder = await temporaryFolder();
  const path = join(folder, 'keys.json');
  const store = await openSecretStore(folder);

  await writeFile(path, JSON.stringify({ version: 1, keys: { stt: encrypted, search: encrypted } }));
  expect(await store.get('stt')).toBe('sk-theirs');
  await store.set('stt', null);
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({ version: 1, keys: { search: encrypted } });

  const newer = JSON.stringify({ version: 2, keys: { stt: encrypted }, vaults: [] });
  await writeFile(path, newer);
  expect(await store.get('stt')).toBe('sk-theirs');
  await expect(store.set('llm', 'sk-mine')).rejects.toMatchObject({
    code: 'key-not-kept',
    hint: expect.stringContaining('newer Squelch'),
  });
  expect(await readFile(path, 'utf8')).toBe(newer);
});

test('keys replace a file that is none, which is kept', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'keys.json'), 'half a fi');
  const store = await openSecretStore(folder);
  await store.set('stt', 'sk-secret');
  expect(await store.get('stt')).toBe('sk-secret');
  const kept = (await readdir(folder)).find((name) => name.endsWith('.bad'));
  expect(await readFile(join(folder, String(kept)), 'utf8')).toBe('half a fi');
});

test.runIf(process.platform === 'linux')('keys are not on disk where the keyring does not run', async () => {
  electron.safeStorage.tag = 'v10';
  const folder = await temporaryFolder();
  const store = await openSecretStore(folder);
  expect(store.persistent).toBe(false);
  expect(store.note).toContain('no keyring');
  await store.set('stt', 'sk-secret');
  electron.safeStorage.tag = 'v11';
  expect(existsSync(join(folder, 'keys.json'))).toBe(false);
});
