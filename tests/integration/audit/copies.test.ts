/** Copies of a log that are made to read it: in the system's temporary folder, and never left there. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openAnyForReading } from '../../../src-main/audit/store/database.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { storedHome } from '../../support/stored-log.ts';

/** An empty one of this test's own. */
function temporaryFolder(): string {
  const folder = temporaryHome();
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  return folder;
}

const DATABASE = new URL('../../../src-main/audit/store/database.ts', import.meta.url);

it('are taken away at the next start, or by the next reader, when their reader was killed', async () => {
  const [old, own] = [storedHome(2), temporaryHome()];
  const folder = temporaryFolder();
  const killed = (home: string) =>
    spawnSync(process.execPath, [
      '--input-type=module',
      '-e',
      `const { openAnyForReading } = await import('${DATABASE}');
      void openAnyForReading(${JSON.stringify(home)});
      process.kill(process.pid, 'SIGKILL');`,
    ]).signal;
  expect(killed(old)).toBe('SIGKILL');
  expect(readdirSync(folder)).toHaveLength(1);
  const { log } = openLog(own);
  await log.recover();
  expect(readdirSync(folder)).toEqual([]);
  expect(killed(old)).toBe('SIGKILL');
  const database = await openAnyForReading(old);
  expect(database?.prepare('SELECT count(*) FROM entry').pluck().get()).toBeGreaterThan(0);
  database?.close();
  expect(readdirSync(folder)).toEqual([]);
});

it('are left alone while another process may read them, and while this one does', async () => {
  const old = storedHome(1);
  const folder = temporaryFolder();
  const machine = hostname().replace(/[^\w-]/g, '_');
  const used = [
    `squelch-copy-${machine}-${process.ppid}-abcdef`,
    `squelch-copy-${machine}-${process.pid}-abcdef`,
    `squelch-copy-elsewhere.example-1-abcdef`,
    'squelch-copy-of-something',
  ];
  for (const name of used) mkdirSync(join(folder, name));
  (await openAnyForReading(old))?.close();
  expect(readdirSync(folder).toSorted()).toEqual(used.toSorted());
});

it('that can’t be made are told as that, not as a full disk of the log', async () => {
  const old = storedHome(1);
  const folder = temporaryFolder();
  vi.stubEnv('TMPDIR', join(folder, 'missing'));
  await expect(openAnyForReading(old)).rejects.toMatchObject({
    code: 'log-not-copied',
    message: expect.stringContaining(join(folder, 'missing')),
  });
});
