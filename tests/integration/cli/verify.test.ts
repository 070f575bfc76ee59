import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { databasePath } from '../../../src-main/audit/store/database.ts';
import type { Verification } from '../../../src-preload/contract.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { squelch, startSquelch } from '../../support/squelch-command.ts';
import { EventScript } from '../../support/turns.ts';

function usedHome(): string {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  for (const session of ['session-1', 'session-2']) {
    new EventScript(log.record, session).wholeTurn(`turn-of-${session}`, { user: 'Remember the milk', reply: 'Noted' });
  }
  close();
  return home;
}

function alterWords(home: string): void {
  const path = databasePath(home);
  const bytes = readFileSync(path);
  const at = bytes.lastIndexOf('Remember the milk');
  bytes.write('R3', at);
  writeFileSync(path, bytes);
}

it('says ok of a used home, and its head', async () => {
  const { status, json } = await squelch(['sessions', 'verify', '--json', '--home', usedHome()]);
  expect(status).toBe(0);
  expect(json()).toMatchObject({ ok: true, entries: 14, head: expect.stringMatching(/^[0-9a-f]{64}$/), problems: [] });
});

it('says what one changed byte changed', async () => {
  const home = usedHome();
  alterWords(home);
  const { status, stdout } = await squelch(['sessions', 'verify', '--home', home]);
  expect(status).toBe(1);
  expect(stdout).toMatch(/^content-altered +entry 1\d +turn turn-of-session-2 +\w+$/m);
  expect(stdout).toMatch(/1 problem · 14 entries · head [0-9a-f]{64}\n$/);
});

it('looks only into one session when asked to', async () => {
  const home = usedHome();
  alterWords(home);
  const ofOne = async (id: string) =>
    (await squelch(['sessions', 'verify', id, '--json', '--home', home])).json() as Verification;
  expect(await ofOne('session-1')).toMatchObject({ ok: true, entries: 14 });
  expect(await ofOne('session-2')).toMatchObject({ ok: false, problems: [{ kind: 'content-altered' }] });
  const unknown = await squelch(['sessions', 'verify', 'nobody', '--home', home]);
  expect(unknown).toMatchObject({ status: 1, stderr: expect.stringContaining('There is no conversation nobody.') });
});

it('takes an anchor, and says what is wrong with one', async () => {
  const [home, other] = [usedHome(), usedHome()];
  const anchor = join(home, 'anchors', readdirSync(join(home, 'anchors'))[0] as string);
  expect((await squelch(['sessions', 'verify', '--anchor', anchor, '--home', home])).status).toBe(0);
  const foreign = await squelch(['sessions', 'verify', '--anchor', anchor, '--json', '--home', other]);
  expect(foreign.json()).toMatchObject({ ok: false, problems: [{ kind: 'anchor-foreign' }] });
  const empty = await squelch(['sessions', 'verify', '--anchor', anchor, '--home', temporaryHome()]);
  expect(empty).toMatchObject({ status: 1, stdout: expect.stringContaining('tail-cut') });
  const missing = await squelch(['sessions', 'verify', '--anchor', join(home, 'none'), '--home', home]);
  expect(missing).toMatchObject({ status: 1, stdout: '', stderr: expect.stringMatching(/^squelch: .*does not exist/) });
});

it('works before the first session, and while another process writes', async () => {
  const home = temporaryHome();
  expect((await squelch(['sessions', 'verify', '--home', home])).stdout).toBe('ok · 0 entries · empty\n');
  const { log } = openLog(home);
  const script = new EventScript(log.record);
  let turns = 0;
  const write = setInterval(() => script.wholeTurn(`turn-${turns++}`, { user: 'Hello', reply: 'Hello' }), 5);
  try {
    const child = startSquelch(['sessions', 'verify', '--json', '--home', home]);
    await once(child, 'exit');
    expect(child.exitCode).toBe(0);
    expect(turns).toBeGreaterThan(1);
  } finally {
    clearInterval(write);
  }
});
