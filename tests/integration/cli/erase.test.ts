import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { databasePath } from '../../../src-main/audit/store/database.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { squelch } from '../../support/squelch-command.ts';
import { EventScript } from '../../support/turns.ts';

function usedHome(): string {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  const script = new EventScript(log.record);
  for (const turnId of ['turn-1', 'turn-2']) script.wholeTurn(turnId, { user: `Words of ${turnId}`, reply: 'Noted' });
  close();
  return home;
}

function holds(home: string, words: string): boolean {
  return readFileSync(databasePath(home)).includes(words);
}

it('redacts a part of a turn, and verify tells of it', async () => {
  const home = usedHome();
  const args = ['sessions', 'redact', 'turn-1', '--reason', 'a slip of the tongue', '--part', 'text', '--home', home];
  const { status, stdout } = await squelch(args);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Erased \d+ contents, 0 of them files of sound\. Entry 14 of the log says so\.\n$/);
  expect([holds(home, 'Words of turn-1'), holds(home, 'Words of turn-2')]).toEqual([false, true]);
  expect(globSync('audio/**/turn-1.*.wav', { cwd: home })).toHaveLength(2);
  const verified = await squelch(['sessions', 'verify', '--home', home]);
  expect(verified.status).toBe(0);
  expect(verified.stdout).toMatch(/^redacted .* text of turn turn-1 \(\d+ contents\): a slip of the tongue$/m);
  const shown = await squelch(['sessions', 'show', 'session-1', '--home', home]);
  expect(shown.stdout).toMatch(/^ {2}Redacted text, .*: a slip of the tongue$/m);
});

it('redacts all of a turn when no part is named, and deletes a session', async () => {
  const home = usedHome();
  await squelch(['sessions', 'redact', 'turn-1', '--reason', 'x', '--home', home]);
  expect(globSync('audio/**/*.wav', { cwd: home })).toHaveLength(2);
  const deleted = await squelch(['sessions', 'delete', 'session-1', '--reason', 'x', '--json', '--home', home]);
  expect(deleted.json()).toMatchObject({ seq: 15, files: 2, swept: true });
  expect(globSync('audio/**/*.wav', { cwd: home })).toEqual([]);
  expect((await squelch(['sessions', '--json', '--home', home])).json()).toEqual([]);
  expect((await squelch(['sessions', 'verify', '--home', home])).status).toBe(0);
});

it('refuses what it can’t do, and changes nothing', async () => {
  const home = usedHome();
  const before = readFileSync(databasePath(home));
  const refusal = async (...args: string[]) => {
    const { status, stderr } = await squelch(['sessions', ...args, '--home', home]);
    return `${status} ${stderr}`;
  };
  expect(await refusal('redact', 'turn-1')).toMatch(/^2 .*--reason/);
  expect(await refusal('redact', 'turn-1', '--reason', ' ')).toMatch(/^2 .*--reason is empty/);
  expect(await refusal('redact', 'turn-1', '--reason', 'x', '--part', 'smell')).toMatch(/^2 .*text, audio, all/);
  expect(await refusal('redact', 'turn-9', '--reason', 'x')).toMatch(/^1 .*There is no turn turn-9\./);
  expect(await refusal('delete', 'nobody', '--reason', 'x')).toMatch(/^1 .*There is no conversation nobody\./);
  expect(readFileSync(databasePath(home)).equals(before)).toBe(true);
  const empty = join(home, 'empty');
  expect(await squelch(['sessions', 'delete', 'x', '--reason', 'x', '--home', empty])).toMatchObject({ status: 1 });
  expect(globSync('empty/**', { cwd: home })).toEqual([]);
});

it('erases several at once, and none of them when one is not there', async () => {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  for (const session of ['session-1', 'session-2', 'session-3']) {
    new EventScript(log.record, session).wholeTurn(`turn-of-${session}`, {
      user: `Words of ${session}`,
      reply: 'Noted',
    });
  }
  close();
  const left = async () => (await squelch(['sessions', '--json', '--home', home])).json();
  const erase = (...args: string[]) => squelch(['sessions', ...args, '--reason', 'x', '--json', '--home', home]);

  expect((await erase('delete', 'session-1', 'nobody', 'session-2')).stderr).toContain('Nothing was erased.');
  expect(await left()).toHaveLength(3);
  const redacted = await erase('redact', 'turn-of-session-1', 'turn-of-session-2', '--part', 'audio');
  expect(redacted.json()).toMatchObject({ files: 4, swept: true });
  expect(globSync('audio/**/*.wav', { cwd: home })).toHaveLength(2);
  const deleted = await erase('delete', 'session-1', 'session-3', 'session-1');
  expect(deleted.json()).toMatchObject({ files: 2, swept: true });
  expect(await left()).toMatchObject([{ id: 'session-2' }]);
  expect([1, 2, 3].map((which) => holds(home, `Words of session-${which}`))).toEqual([false, true, false]);
  expect((await squelch(['sessions', 'verify', '--home', home])).status).toBe(0);
});

it('leaves the log to the Squelch that is running', async () => {
  const home = usedHome();
  openLog(home);
  const { status, stderr } = await squelch(['sessions', 'redact', 'turn-1', '--reason', 'x', '--home', home]);
  expect(status).toBe(1);
  expect(stderr).toContain('is in use by process');
});
