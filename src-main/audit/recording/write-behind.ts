/**
 * When entries reach the disk. Only the start and the end of a turn wait for a commit; what comes between is collected
 * for a tenth of a second, or until everybody waits for a provider, and committed together, so that no commit stands
 * between a transcript and its answer, or an answer and its sound.
 * What the disk refuses stays in memory and is tried again until it is written.
 */
import { open } from 'node:fs/promises';
import type { Fault } from '../../fault.ts';
import type { LogDatabase } from '../store/database.ts';
import { logFault, storageFault } from '../store/storage-fault.ts';

const COLLECT_MS = 100;
/** A request has left by then, and its answer is not there yet. */
const LULL_MS = 5;
const RETRY_MS = 1_000;

/** Appends to the log, inside a transaction. Runs again when that transaction could not be committed. */
export type Write = () => void;

export interface WriteBehind {
  /** Returns when `write`, and everything deferred before it, is on disk. @throws Fault; `write` is then dropped. */
  commit(write: Write): void;
  /** Commits `write` within a tenth of a second, or with the next flush. */
  defer(write: Write): void;
  /** Commits what was deferred in the lull that begins now: a request is about to be sent. */
  flushInLull(): void;
  /** Commits all that was deferred. Failures are reported, and what failed stays deferred. */
  flush(): void;
  /** Flushes for the last time. */
  close(): void;
}

/** @param onFault told once when writing begins to fail, and again only after it worked in between */
export function createWriteBehind(database: LogDatabase, onFault: (fault: Fault) => void): WriteBehind {
  /** A transaction, or inside one, a savepoint. */
  const inTransaction = database.transaction((work: () => void) => work()).immediate;
  let deferred: Write[] = [];
  let timer: NodeJS.Timeout | null = null;
  let failing = false;

  /**
   * A disk that others keep busy takes a third of a second to sync, and this thread has sound to send: what nobody waits
   * for is committed to the system, which outlives us, and the disk is made to follow from another thread.
   */
  function flushBehind(): void {
    database.pragma('synchronous = NORMAL');
    try {
      flush();
    } finally {
      database.pragma('synchronous = FULL');
    }
    if (failing) return;
    syncSoon(`${database.name}-wal`).catch((thrown: unknown) => {
      // A log that was closed meanwhile is on disk already.
      if (database.open) onFault(logFault(thrown));
    });
  }

  /** Commits all that was deferred, and with it, in one transaction and so one sync of the disk, `also`. */
  function flush(also: Write | null = null): void {
    if (timer) clearTimeout(timer);
    timer = null;
    if (deferred.length === 0 && !also) return;
    const writes = deferred;
    deferred = [];
    const refused: Write[] = [];
    let fault: Fault | null = null;
    let alsoRefused: unknown = null;
    try {
      inTransaction(() => {
        for (const write of writes) {
          try {
            inTransaction(write);
          } catch (thrown) {
            // After some errors SQLite has already rolled everything back.
            if (!database.inTransaction) throw thrown;
            const known = storageFault(thrown);
            if (known) refused.push(write);
            fault ??= known ?? logFault(thrown);
          }
        }
        try {
          if (also) inTransaction(also);
        } catch (thrown) {
          if (!database.inTransaction) throw thrown;
          alsoRefused = thrown;
        }
      });
      deferred = [...refused, ...deferred];
    } catch (thrown) {
      if (writes.length > 0) fault = logFault(thrown);
      deferred = [...writes, ...deferred];
      alsoRefused = thrown;
    }
    if (deferred.length > 0 && !timer) timer = setTimeout(() => flush(), RETRY_MS).unref();
    if (fault && !failing) onFault(fault);
    if (writes.length > 0) failing = fault !== null;
    if (also && alsoRefused) throw alsoRefused;
  }

  return {
    commit(write) {
      try {
        flush(write);
      } catch (thrown) {
        throw logFault(thrown);
      }
    },
    defer(write) {
      deferred.push(write);
      timer ??= setTimeout(flushBehind, COLLECT_MS);
    },
    flushInLull() {
      if (deferred.length === 0 || failing) return;
      if (timer) clearTimeout(timer);
      timer = setTimeout(flushBehind, LULL_MS);
    },
    flush: () => flush(),
    close() {
      flush();
      if (timer) clearTimeout(timer);
      timer = null;
    },
  };
}

async function syncSoon(path: string): Promise<void> {
  // Windows syncs only what may be written.
  const file = await open(path, 'r+');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}
