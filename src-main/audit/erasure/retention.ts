/**
 * Erases by age and by size, as the rules say. First a plan, which is also the preview: whole sessions that are too old,
 * then sound that is too old, then, while there is still too much, the oldest sound and at last the oldest sessions.
 */
import { setImmediate } from 'node:timers/promises';
import type { RetentionReport } from '../../../src-preload/contract.ts';
import type { RetentionRules } from '../../../src-preload/settings.ts';
import { Fault } from '../../fault.ts';
import type { LogDatabase } from '../store/database.ts';
import type { Eraser } from './erasure.ts';

export interface RetentionOptions {
  readonly rules: RetentionRules;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The session in progress, which is never deleted. */
  readonly except: string | null;
}

export interface Retention {
  /** @throws Fault of the log */
  preview(options: RetentionOptions): Promise<RetentionReport>;
  /**
   * Erases, one turn or session at a time, so that nobody who talks meanwhile waits; ends early when the log is closed.
   * @throws Fault of the log
   */
  run(options: RetentionOptions): Promise<RetentionReport>;
}

interface Step {
  readonly what: 'sound' | 'session';
  readonly id: string;
  readonly turns: number;
  readonly bytes: number;
  readonly reason: string;
}

interface SessionAge {
  readonly id: string;
  readonly turns: number;
}

interface SoundAge {
  readonly id: string;
  readonly session_id: string;
}

const DAY_MS = 86_400_000;
const NEVER = Number.MAX_SAFE_INTEGER;
const OVERTAKEN: ReadonlySet<string> = new Set(['session-unknown', 'turn-unknown', 'turn-in-flight']);
/** Pages given back between two looks at what else is to be done. */
const PAGES_AT_ONCE = 500;

export function createRetention(database: LogDatabase, eraser: Eraser): Retention {
  const sessions = database.prepare<{ before: number; except: string }, SessionAge>(
    `SELECT s.id, count(t.id) AS turns FROM session s LEFT JOIN turn t ON t.session_id = s.id
      WHERE s.id <> @except GROUP BY s.id
      HAVING coalesce(max(coalesce(t.ended_at, ${NEVER})), s.started_at) < @before
      ORDER BY s.started_at`,
  );
  // Every turn that ended has its probabilities of speech, until its sound is erased.
  const sounds = database.prepare<{ before: number }, SoundAge>(
    `SELECT t.id, t.session_id FROM turn t WHERE t.outcome IS NOT NULL AND t.started_at < @before AND EXISTS
      (SELECT 1 FROM entry e JOIN content c ON c.entry_seq = e.seq
        WHERE e.turn_id = t.id AND c.salt IS NOT NULL AND c.name IN ('vad', 'user.audio', 'agent.audio'))
      ORDER BY t.started_at`,
  );
  const total = database
    .prepare<[], number>(
      `SELECT (SELECT coalesce(sum(length), 0) FROM content WHERE salt IS NOT NULL)
        + (SELECT coalesce(sum(length(bytes)), 0) FROM part)`,
    )
    .pluck();
  const freePages = () => database.pragma('freelist_count', { simple: true }) as number;

  async function* plan({ rules, now, except }: RetentionOptions): AsyncGenerator<Step> {
    const { soundDays, allDays, capMegabytes } = rules;
    const deleted = new Set<string>();
    const silenced = new Set<string>();
    const freedOf = new Map<string, number>();
    let left = total.get() ?? 0;

    async function* sessionsBefore(before: number, reason: string, enough: () => boolean): AsyncGenerator<Step> {
      for (const { id, turns } of sessions.all({ before, except: except ?? '' })) {
        if (enough()) return;
        if (deleted.has(id)) continue;
        await setImmediate();
        if (!database.open) return;
        const bytes = eraser.sizeOfSession(id) - (freedOf.get(id) ?? 0);
        deleted.add(id);
        left -= bytes;
        yield { what: 'session', id, turns, bytes, reason };
      }
    }

    async function* soundBefore(before: number, reason: string, enough: () => boolean): AsyncGenerator<Step> {
      for (const { id, session_id } of sounds.all({ before })) {
        if (enough()) return;
        if (deleted.has(session_id) || silenced.has(id)) continue;
        await setImmediate();
        if (!database.open) return;
        const bytes = eraser.sizeOfTurn(id, 'audio');
        silenced.add(id);
        freedOf.set(session_id, (freedOf.get(session_id) ?? 0) + bytes);
        left -= bytes;
        yield { what: 'sound', id, turns: 1, bytes, reason };
      }
    }

    const never = () => false;
    if (allDays !== null) {
      yield* sessionsBefore(now - allDays * DAY_MS, `retention: older than ${days(allDays)}`, never);
    }
    if (soundDays !== null) {
      yield* soundBefore(now - soundDays * DAY_MS, `retention: sound older than ${days(soundDays)}`, never);
    }
    if (capMegabytes !== null) {
      const reason = `retention: more than ${capMegabytes} MB`;
      const fits = () => left <= capMegabytes * 1_000_000;
      yield* soundBefore(NEVER, reason, fits);
      yield* sessionsBefore(NEVER, reason, fits);
    }
  }

  /** @param act returns whether there was still something to do */
  async function follow(options: RetentionOptions, act: (step: Step) => boolean): Promise<RetentionReport> {
    const report = { sound: { turns: 0, bytes: 0 }, sessions: { sessions: 0, turns: 0, bytes: 0 } };
    // The whole plan first: what it erases would change what it finds.
    const steps: Step[] = [];
    for await (const step of plan(options)) steps.push(step);
    for (const step of steps) {
      await setImmediate();
      if (!database.open) break;
      if (!act(step)) continue;
      if (step.what === 'session') report.sessions.sessions += 1;
      const part = step.what === 'session' ? report.sessions : report.sound;
      part.turns += step.turns;
      part.bytes += step.bytes;
    }
    return report;
  }

  /** Somebody may have erased it since it was planned, or be talking in it: then it is not its time. */
  function erase({ what, id, reason }: Step): boolean {
    try {
      if (what === 'session') eraser.deleteSession(id, reason);
      else eraser.redactTurn(id, 'audio', reason);
      return true;
    } catch (thrown) {
      if (thrown instanceof Fault && OVERTAKEN.has(thrown.code)) return false;
      throw thrown;
    }
  }

  async function sweepSlowly(): Promise<void> {
    for (let before = NEVER; database.open && freePages() < before; await setImmediate()) {
      before = freePages();
      database.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`);
    }
    if (database.open) eraser.sweep();
  }

  return {
    preview: (options) => follow(options, () => true),
    async run(options) {
      const report = await follow(options, erase);
      if (report.sound.turns + report.sessions.sessions > 0) await sweepSlowly();
      return report;
    },
  };
}

function days(count: number): string {
  return count === 1 ? '1 day' : `${count} days`;
}
