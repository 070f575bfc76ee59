import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import { verifyLog } from '../../../src-main/audit/verify/verification.ts';
import type { RetentionRules } from '../../../src-preload/settings.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { EventScript, STARTED_AT } from '../../support/turns.ts';

const DAY_MS = 86_400_000;
const NONE: RetentionRules = { soundDays: null, allDays: null, capMegabytes: null };
/** Of one turn: a second in, half a second out. */
const SOUND_BYTES = 72_000;

/** Sessions of one turn each, so many days old. */
function homeOf(...ages: number[]) {
  const home = temporaryHome();
  const { log } = openLog(home);
  for (const age of ages) {
    const script = new EventScript(log.record, `session-${age}`, STARTED_AT - age * DAY_MS);
    script.wholeTurn(`turn-${age}`, { user: `Words of ${age}`, reply: 'Noted' });
  }
  const rules = (some: Partial<RetentionRules>, except: string | null = null) => ({
    rules: { ...NONE, ...some },
    now: STARTED_AT + 60_000,
    except,
  });
  const sessions = () => log.queries.listSessions({ before: null, limit: 100 }).map(({ id }) => id);
  const sounds = () => [...new Set(globSync('audio/*/*.wav', { cwd: home }).map((file) => file.split(/[./]/).at(-3)))];
  return { home, log, rules, sessions, sounds: () => sounds().toSorted() };
}

it('does nothing without a rule', async () => {
  const { log, rules, sounds } = homeOf(400, 1);
  expect(await log.runRetention(rules({}))).toEqual({
    sound: { turns: 0, bytes: 0 },
    sessions: { sessions: 0, turns: 0, bytes: 0 },
  });
  expect(sounds()).toHaveLength(2);
});

it('drops sound after some days and keeps the words, as previewed', async () => {
  const { home, log, rules, sessions, sounds } = homeOf(40, 31, 29, 0);
  const preview = await log.previewRetention(rules({ soundDays: 30 }));
  expect(preview.sound).toMatchObject({ turns: 2, bytes: expect.closeTo(2 * SOUND_BYTES, -4) });
  expect(sounds()).toHaveLength(4);
  expect(await log.runRetention(rules({ soundDays: 30 }))).toEqual(preview);
  expect(sounds()).toEqual(['turn-0', 'turn-29']);
  expect(sessions()).toHaveLength(4);
  expect(log.queries.getTurn('turn-40')?.user.committed).toBe('Words of 40');
  expect(await log.previewRetention(rules({ soundDays: 30 }))).toMatchObject({ sound: { turns: 0 } });
  expect(await verifyLog(home)).toMatchObject({
    ok: true,
    redactions: [{ reason: 'retention: sound older than 30 days', part: 'audio' }, { turnId: 'turn-31' }],
  });
});

it('drops sessions after more days, but not the one in progress', async () => {
  const { home, log, rules, sessions } = homeOf(500, 400, 100);
  const options = rules({ soundDays: 30, allDays: 365 }, 'session-500');
  const report = await log.runRetention(options);
  expect(report).toMatchObject({ sessions: { sessions: 1, turns: 1 }, sound: { turns: 2 } });
  expect(sessions()).toEqual(['session-100', 'session-500']);
  expect(await verifyLog(home)).toMatchObject({ ok: true });
});

it('keeps a session whose last turn is young enough, or still runs', async () => {
  const { log, rules, sessions } = homeOf(500);
  new EventScript(log.record, 'session-500', STARTED_AT).wholeTurn('turn-now', { user: 'Again', reply: 'Yes' });
  new EventScript(log.record, 'session-open', STARTED_AT - 500 * DAY_MS).begin('turn-open', { source: 'text' });
  expect(await log.runRetention(rules({ allDays: 30 }))).toMatchObject({ sessions: { sessions: 0 } });
  expect(sessions()).toHaveLength(2);
});

it('keeps the log below a size: the oldest sound first, then the oldest sessions', async () => {
  const ages = Array.from({ length: 30 }, (_, index) => 30 - index);
  const { home, log, rules, sessions, sounds } = homeOf(...ages);
  const report = await log.runRetention(rules({ capMegabytes: 1 }));
  expect(report.sound.turns).toBeGreaterThan(16);
  expect(report.sound.turns).toBeLessThan(20);
  expect(report.sessions.sessions).toBe(0);
  expect(sounds()).toContain('turn-1');
  expect(sounds()).not.toContain('turn-30');
  expect(sessions()).toHaveLength(30);
  const words = 'x'.repeat(400_000);
  for (const age of [9, 8, 7]) {
    const script = new EventScript(log.record, `long-${age}`, STARTED_AT - age * DAY_MS);
    script.begin(`long-turn-${age}`, { source: 'text' });
    script.emit({ type: 'user_speech_committed', turnId: `long-turn-${age}`, messageId: 'm', text: words });
    script.end(`long-turn-${age}`, 'completed');
  }
  const second = await log.runRetention(rules({ capMegabytes: 1 }));
  expect(second.sound.turns).toBe(30 - report.sound.turns + 3);
  expect(sessions()).not.toContain('session-30');
  expect(sessions()).not.toContain('long-9');
  expect(sessions()).toContain('long-7');
  expect(await verifyLog(home)).toMatchObject({ ok: true });
});
