/** A log is read while another process keeps, redacts and deletes in it: whoever reads gets one moment of it, whole. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { backUp } from '../../../src-main/audit/backup/backup.ts';
import { startExport } from '../../../src-main/audit/export/start-export.ts';
import { openDatabaseForReading } from '../../../src-main/audit/store/database.ts';
import { verifyLog } from '../../../src-main/audit/verify/verification.ts';
import { temporaryHome } from '../../support/audit.ts';

const KEEP_TURNS = join(import.meta.dirname, '../../support/keep-turns.ts');
const DELETIONS = 2;

it('verifies, exports and backs up beside deletions', { timeout: 120_000 }, async () => {
  const home = temporaryHome();
  const child = spawn(process.execPath, [KEEP_TURNS, home, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let deletions = 0;
  let kept = '';
  const begun = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('deleted ')) deletions += 1;
    if (!line.startsWith('kept ')) return;
    kept = line.slice('kept '.length);
    begun.resolve();
  });
  await begun.promise;
  for (let round = 0; deletions < DELETIONS || round < 3; round++) {
    expect(await verifyLog(home)).toMatchObject({ ok: true, problems: [] });
    const out = join(home, `beside-${round}.json`);
    const sessionIds = [kept.slice(0, kept.lastIndexOf('-'))];
    const request = { home, selection: { sessionIds }, format: 'json', track: 'both', out, replace: false } as const;
    const exporting = startExport(
      { ...request, appVersion: '0.0.0-test' },
      { progress: () => {}, signal: new AbortController().signal },
    );
    const code = await exporting.then(
      () => null,
      (fault) => fault.code,
    );
    expect([null, 'session-unknown']).toContain(code);
    if (code === null) expect(JSON.parse(readFileSync(out, 'utf8')).turns.length).toBeGreaterThan(0);
    const database = openDatabaseForReading(home);
    if (!database) throw new Error('no log');
    const folder = join(temporaryHome(), 'copy');
    await backUp({ home, database, folder });
    database.close();
    expect(await verifyLog(folder)).toMatchObject({ ok: true, problems: [] });
  }
  expect(child.exitCode).toBeNull();
});
