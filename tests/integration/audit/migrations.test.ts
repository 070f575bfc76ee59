import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { backUp, restore } from '../../../src-main/audit/backup/backup.ts';
import { databasePath } from '../../../src-main/audit/store/database.ts';
import { MIGRATIONS } from '../../../src-main/audit/store/migrations/all.ts';
import { verifyLog } from '../../../src-main/audit/verify/verification.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { STORED_SCHEMAS, storedChain, storedHome } from '../../support/stored-log.ts';

it('has a stored log of every earlier schema', () => {
  expect(STORED_SCHEMAS).toEqual(MIGRATIONS.slice(0, -1).map(({ version }) => version));
});

it.each(STORED_SCHEMAS)('brings a log of schema %i up to date, and changes no entry of it', async (schema) => {
  const home = storedHome(schema);
  const before = storedChain(home);
  expect(before.version).toBe(schema);
  const { log, faults, close } = openLog(home);
  const crashed = await log.recover();
  expect(crashed.map(({ turnId }) => turnId)).toEqual(['turn-4']);
  expect(log.salvaged).toBeNull();

  const turns = log.queries.getSession('session-1')?.turns ?? [];
  expect(turns.map(({ outcome, user }) => [outcome, user.committed])).toEqual([
    ['completed', 'Where is the 公园 with the zebra'],
    ['interrupted', 'And the river'],
    ['failed', 'A typed question'],
    ['crashed', ''],
  ]);
  expect(log.queries.getTurnDetail('turn-3')?.requests).toMatchObject([
    { requestId: 'req-1', body: { text: '{"messages":[]}' }, response: { body: { text: 'an answer' } } },
  ]);
  const found = (query: string, model?: string) =>
    log.queries
      .search({ query, filter: model === undefined ? {} : { model }, limit: 10 })
      .map(({ turnId, role }) => `${turnId} ${role}`);
  expect(found('公园')).toEqual(['turn-1 user']);
  expect(found('station', 'openai/gpt-5-mini')).toEqual(['turn-1 agent']);
  expect(found('station', 'openai/other')).toEqual([]);
  expect(log.queries.recordingFile('turn-2', 'agent')).not.toBeNull();

  log.redactTurn('turn-1', 'all', 'to see that it can be');
  expect(found('公园')).toEqual([]);
  expect(faults).toEqual([]);
  close();
  const after = storedChain(home);
  expect(after).toEqual({ version: MIGRATIONS.length, hashes: expect.arrayContaining(before.hashes) });
  expect(after.hashes.slice(0, before.hashes.length)).toEqual(before.hashes);
  expect(await verifyLog(home)).toMatchObject({ ok: true, problems: [], redactions: [{ turnId: 'turn-1' }] });
});

it.each(STORED_SCHEMAS)('verifies a log of schema %i as it is, and restores a backup of one', async (schema) => {
  const home = storedHome(schema);
  const before = storedChain(home);
  expect(await verifyLog(home)).toMatchObject({ ok: true, problems: [], entries: before.hashes.length });

  const database = new Database(databasePath(home), { readonly: true });
  const folder = join(temporaryHome(), 'backup');
  await backUp({ home, database, folder });
  database.close();
  const restored = join(temporaryHome(), 'restored');
  await restore(folder, restored);
  for (const log of [home, folder, restored]) expect(storedChain(log)).toEqual(before);
  expect(await verifyLog(restored)).toMatchObject({ ok: true, entries: before.hashes.length });
});
