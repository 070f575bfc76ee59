/**
 * A process to be killed: keeps one turn after the other in the home it is given, redacts some, exports and backs up
 * sessions, empties the write-ahead log, deletes a session now and then, and prints what it begins and what is done. What
 * it printed as done must be found by whoever looks after it.
 * Usage: keep-turns.ts HOME ROUND
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { openAuditLog } from '../../src-main/audit/audit-log.ts';
import { startExport } from '../../src-main/audit/export/start-export.ts';
import { databasePath } from '../../src-main/audit/store/database.ts';
import { lockHome } from '../../src-main/audit/store/home-lock.ts';
import { EventScript } from './turns.ts';

const [home, round] = process.argv.slice(2);
if (!home || !round) throw new Error('usage: keep-turns.ts HOME ROUND');
const say = (...words: string[]) => process.stdout.write(`${words.join(' ')}\n`);

const FORMATS = ['json', 'zip', 'mp3'] as const;
const exportsFolder = join(home, 'exports');
mkdirSync(exportsFolder, { recursive: true });

say('opening');
const log = openAuditLog(lockHome(home), {
  appVersion: '0.0.0-test',
  onFault: (fault) => {
    throw fault;
  },
});
await log.recover();
for (let session = 0; ; session++) {
  const sessionId = `${round}-${session}`;
  const script = new EventScript(log.record, sessionId);
  for (let turn = 0; turn < 6; turn++) {
    const turnId = `${sessionId}-${turn}`;
    script.wholeTurn(turnId, { user: `Words of ${turnId}`, reply: 'Noted' });
    if (log.queries.getTurn(turnId)?.outcome !== 'completed') throw new Error('not kept');
    say('kept', turnId);
    await setImmediate();
    if (turn % 2 === 1) {
      say('redacting', turnId);
      log.redactTurn(turnId, 'all', 'to be killed');
      say('redacted', turnId);
    }
  }
  const out = join(exportsFolder, `${sessionId}.${FORMATS[session % FORMATS.length]}`);
  say('exporting', out);
  await startExport(
    {
      home,
      selection: { sessionIds: [sessionId] },
      format: FORMATS[session % FORMATS.length] ?? 'json',
      track: 'both',
      out,
      replace: false,
      appVersion: '0.0.0-test',
    },
    { progress: () => {}, signal: new AbortController().signal },
  );
  say('exported', out);
  const checkpointer = new Database(databasePath(home));
  checkpointer.pragma('wal_checkpoint(TRUNCATE)');
  checkpointer.close();
  say('checkpointed', sessionId);
  if (session % 3 === 1) {
    const { folder } = await log.backUp(join(home, 'backups'));
    say('backed-up', folder);
  }
  if (session % 3 !== 2) continue;
  say('deleting', sessionId);
  log.deleteSession(sessionId, 'to be killed');
  say('deleted', sessionId);
}
