/**
 * The log where it can't be written: a full disk, a read-only folder. What is in it can be looked at, searched, verified
 * and exported; a turn that would have to be kept is refused with the reason.
 */
import { WebSocket } from 'ws';
import type { Fault } from '../fault.ts';
import type { AuditLog } from './audit-log.ts';
import { backUpBySchedule, listBackups } from './backup/backup.ts';
import type { PriceTable } from './cost/price-table.ts';
import { createEraser } from './erasure/erasure.ts';
import { createRetention } from './erasure/retention.ts';
import { createQueries } from './reading/queries.ts';
import { openForReadingOnly } from './store/database.ts';
import { verifyLog } from './verify/verification.ts';

/**
 * @param why it can't be written; thrown by whatever would have to
 * @returns null when there is no log
 * @throws Fault as openForReadingOnly
 */
export function openReadOnlyLog(home: string, why: Fault, prices?: PriceTable): AuditLog | null {
  const database = openForReadingOnly(home);
  if (!database) return null;
  const refuse = (): never => {
    throw why;
  };
  const retention = createRetention(database, createEraser(home, database));
  return {
    salvaged: null,
    queries: createQueries(home, database, prices),
    recordingFetch: fetch,
    recordingSocket: WebSocket,
    expect: () => {},
    record(event) {
      if (event.type === 'turn_started') refuse();
    },
    recover: async () => [],
    redactTurn: refuse,
    deleteSession: refuse,
    previewRetention: (options) => retention.preview(options),
    async runRetention(options) {
      const wanted = await retention.preview(options);
      return wanted.sound.turns + wanted.sessions.sessions === 0 ? wanted : refuse();
    },
    backUp: (folder) => backUpBySchedule(home, database, folder),
    backups: listBackups,
    writeAnchors: refuse,
    anchors: () => [],
    async verify(options) {
      return (await verifyLog(home, options)) ?? refuse();
    },
    close: () => void database.close(),
  };
}
