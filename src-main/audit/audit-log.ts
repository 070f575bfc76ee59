/** The log as the app sees it: one object that records, answers and recovers, over one locked home folder. */
import type { WebSocket } from 'ws';
import type {
  AnchorView,
  ErasureReport,
  RedactionPart,
  RetentionReport,
  Verification,
} from '../../src-preload/contract.ts';
import type { SessionEvent } from '../conversation/events.ts';
import type { Fault } from '../fault.ts';
import { type Backup, backUpBySchedule, listBackups } from './backup/backup.ts';
import { anchorFolder, listAnchors, makeAnchor, writeAnchor } from './chain/anchors.ts';
import type { RecoveryRecord } from './chain/records.ts';
import type { PriceTable } from './cost/price-table.ts';
import { createEraser, type Erased, type Eraser, finishErasure } from './erasure/erasure.ts';
import { createRetention, type RetentionOptions } from './erasure/retention.ts';
import { createQueries, type Queries } from './reading/queries.ts';
import { createRecorder, type RecorderOptions } from './recording/recorder.ts';
import { createRecordingFetch } from './recording/recording-fetch.ts';
import { createRecordingSocket } from './recording/recording-socket.ts';
import type { ExpectedSession } from './recording/session-recordings.ts';
import { type RecoveredTurn, recover } from './repair/recovery.ts';
import { openOrSalvage } from './repair/salvage.ts';
import { removeLeftCopies } from './store/copies.ts';
import { openDatabaseForReading } from './store/database.ts';
import type { HomeLock } from './store/home-lock.ts';
import { logFault, storageFault } from './store/storage-fault.ts';
import { type VerificationOptions, verifyLog } from './verify/verification.ts';

export interface AuditLogOptions extends Pick<RecorderOptions, 'appVersion' | 'sdkVersions' | 'inForce'> {
  /** By which turns are shown; if left out, those that the home has now. */
  readonly prices?: PriceTable;
  /** Told, once per failure, when something can't be written in mid-turn. It is kept in memory and tried again. */
  readonly onFault: (fault: Fault) => void;
  /** A folder of the user's choice that gets an anchor too; asked at the end. */
  readonly anchorFolder?: () => string | null;
  /** What really fetches. */
  readonly baseFetch?: typeof fetch;
}

export interface AuditLog {
  /** Set when the database was damaged: what was carried over into a new one, and where the old one is kept. */
  readonly salvaged: RecoveryRecord | null;
  /** What was announced is found, also while it is on its way to the disk. */
  readonly queries: Queries;
  /** Given to every provider. */
  readonly recordingFetch: typeof fetch;
  /** Given to every provider that keeps a connection. */
  readonly recordingSocket: typeof WebSocket;
  /** A session has begun that is to be kept; what it is not told of, a private one, leaves nothing. */
  expect(session: ExpectedSession): void;
  /** A listener of sessions. @throws Fault at `turn_started`, when the turn can't be kept and so must not begin */
  record(event: SessionEvent): void;
  /** To be awaited before the first turn. @returns the turns that a crash cut off, oldest first. @throws Fault */
  recover(): Promise<RecoveredTurn[]>;
  /** Erases words, sound or both of a turn, for good. @throws Fault as Eraser.redactTurn */
  redactTurn(turnId: string, part: RedactionPart, reason: string): ErasureReport;
  /** Erases a session, for good. @throws Fault as Eraser.deleteSession */
  deleteSession(sessionId: string, reason: string): ErasureReport;
  /** What rules would erase. @throws Fault */
  previewRetention(options: RetentionOptions): Promise<RetentionReport>;
  /** Erases by age and by size. @throws Fault */
  runRetention(options: RetentionOptions): Promise<RetentionReport>;
  /** One of a row of backups, into a new folder below this one. @throws Fault as backUp */
  backUp(folder: string): Promise<Backup>;
  /** Those that were made in that folder, newest first. @throws Fault of the log */
  backups(folder: string): Backup[];
  /** Notes how far the log reaches now, in the home and in the folder of the user's choice. Failures are reported. */
  writeAnchors(): void;
  /** Of this log, newest first. @throws Fault of the log */
  anchors(): AnchorView[];
  /** Recomputes the whole log, in a thread of its own. @throws Fault as verifyLog */
  verify(options?: VerificationOptions): Promise<Verification>;
  /** Writes what is left, then an anchor, and brings the database into one file. */
  close(): void;
}

/** @param lock proves that no other process takes our turns for crashed ones. @throws Fault as openDatabase */
export function openAuditLog({ home }: HomeLock, options: AuditLogOptions): AuditLog {
  const { onFault, baseFetch } = options;
  const { database, salvaged } = openOrSalvage(home);
  const recorder = createRecorder({ ...options, home, database });
  const eraser = createEraser(home, database);
  const retention = createRetention(database, eraser);

  function anchorFolders(): { folder: string; elsewhere: boolean }[] {
    const chosen = options.anchorFolder?.() ?? null;
    const own = { folder: anchorFolder(home), elsewhere: false };
    return chosen === null ? [own] : [own, { folder: chosen, elsewhere: true }];
  }

  function leaveAnchors(): void {
    const anchor = makeAnchor(database);
    if (!anchor) return;
    for (const { folder } of anchorFolders()) {
      try {
        writeAnchor(folder, anchor);
      } catch (thrown) {
        onFault(logFault(thrown));
      }
    }
  }

  function anchors(): AnchorView[] {
    const log = database.prepare<[], string>('SELECT lower(hex(id)) FROM log').pluck().get() ?? '';
    const found = anchorFolders().flatMap(({ folder, elsewhere }) =>
      listAnchors(folder, log).map(({ path, seq, head, at }) => ({ path, elsewhere, seq, head, at })),
    );
    return found.sort((a, b) => b.seq - a.seq);
  }

  /** Nothing of what is erased may still be on its way to the disk. */
  function erase(work: (eraser: Eraser) => Erased): ErasureReport {
    recorder.settle();
    const erased = work(eraser);
    return { ...erased, swept: eraser.sweep() };
  }

  const queries = createQueries(home, database, options.prices);
  return {
    salvaged,
    get queries() {
      recorder.finishEndings();
      return queries;
    },
    recordingFetch: createRecordingFetch(recorder, baseFetch),
    recordingSocket: createRecordingSocket(recorder),
    expect: recorder.expect,
    record: recorder.record,
    recover() {
      try {
        removeLeftCopies();
        finishErasure(home, database);
      } catch (thrown) {
        onFault(logFault(thrown));
      }
      return recover(home, database, onFault);
    },
    redactTurn: (turnId, part, reason) => erase((eraser) => eraser.redactTurn(turnId, part, reason)),
    deleteSession: (sessionId, reason) => erase((eraser) => eraser.deleteSession(sessionId, reason)),
    previewRetention(rules) {
      recorder.settle();
      return retention.preview(rules);
    },
    runRetention(rules) {
      recorder.settle();
      return retention.run(rules);
    },
    backUp(folder) {
      recorder.finishEndings();
      return backUpBySchedule(home, database, folder);
    },
    backups: orLogFault(listBackups),
    writeAnchors() {
      recorder.settle();
      leaveAnchors();
    },
    anchors: orLogFault(anchors),
    async verify(verification) {
      recorder.finishEndings();
      const found = await verifyLog(home, verification);
      if (!found) throw new Error('an open log was not found');
      return found;
    },
    close() {
      if (!database.open) return;
      recorder.close();
      leaveAnchors();
      try {
        database.pragma('wal_checkpoint(TRUNCATE)');
      } catch (thrown) {
        // A full disk has no room for it; nothing is lost, and the next start does it.
        if (!storageFault(thrown)) throw thrown;
      }
      database.close();
    },
  };
}

function orLogFault<A extends unknown[], R>(work: (...given: A) => R): (...given: A) => R {
  return (...given) => {
    try {
      return work(...given);
    } catch (thrown) {
      throw logFault(thrown);
    }
  };
}

/** The log for looking only, also while a running Squelch writes it. */
export interface AuditReader {
  readonly queries: Queries;
  close(): void;
}

/** @returns null when there is no log yet. @throws Fault as openDatabaseForReading */
export function openAuditReader(home: string): AuditReader | null {
  const database = openDatabaseForReading(home);
  return database && { queries: createQueries(home, database), close: () => void database.close() };
}
