import { cpSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it, onTestFinished, type TestContext } from 'vitest';
import { createApp } from '../../../src-main/app.ts';
import { createMemorySecretStore } from '../../../src-main/settings/secrets.ts';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { type SmallDisk, smallDisk } from '../../support/small-disk.ts';
import { squelch } from '../../support/squelch-command.ts';
import { TestWindow } from '../../support/test-window.ts';
import { EventScript } from '../../support/turns.ts';

/** A home with one turn, on a small disk of its own that is then made unwritable. */
function usedDisk(context: TestContext, spoil: (disk: SmallDisk) => void): string {
  const used = temporaryHome();
  const { log, close } = openLog(used);
  new EventScript(log.record).wholeTurn('turn-1', { user: 'Remember the milk', reply: 'Noted' });
  close();
  const disk = smallDisk(context);
  cpSync(used, disk.home, { recursive: true });
  spoil(disk);
  return disk.home;
}

const readOnly = ({ remount }: SmallDisk) => remount('ro');
const full = ({ fill }: SmallDisk) => void fill(0);

it.for([
  ['read-only folder', readOnly, 'home-unusable'],
  ['full disk', full, 'log-disk-full'],
] as const)(
  '%s: says so, shows the old log, refuses turns that can’t be kept, and takes private ones',
  async ([, spoil, code], context) => {
    const home = usedDisk(context, spoil);
    const temporaryFolders = readdirSync(tmpdir()).filter((name) => name.startsWith('squelch-copy-')).length;
    const secrets = createMemorySecretStore();
    const app = await createApp({ home, host: 'cli', secrets, environment: {} });
    onTestFinished(() => app.close());
    const window = new TestWindow(app);
    const { notices } = await window.invoke('app.get', {});
    expect(notices).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: expect.stringContaining('. What is in the log can be looked at'),
      }),
    );
    const sessions = await window.invoke('sessions.list', { before: null, limit: 10 });
    expect(sessions).toMatchObject([{ title: 'Remember the milk' }]);
    await expect(window.invoke('talk.sendText', { text: 'Hello' })).rejects.toMatchObject({ code, stage: 'log' });
    await expect(window.invoke('turns.redact', { turnId: 'turn-1', part: 'all', reason: 'x' })).rejects.toMatchObject({
      code,
    });
    expect(await window.invoke('log.verify', { sessionId: null })).toMatchObject({ ok: true, entries: 7 });
    await window.invoke('conversation.new', { private: true });
    await expect(window.invoke('talk.sendText', { text: 'Hello' })).resolves.toMatchObject({
      turnId: expect.any(String),
    });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('squelch-copy-'))).toHaveLength(temporaryFolders);
  },
);

it('reads a log on a read-only disk from the command line', async (context) => {
  const home = usedDisk(context, readOnly);
  const list = await squelch(['sessions', '--json', '--home', home]);
  expect([list.status, list.stderr]).toEqual([0, '']);
  expect(list.json()).toMatchObject([{ title: 'Remember the milk' }]);
  expect((await squelch(['sessions', 'verify', '--home', home])).stdout).toMatch(/^ok · 7 entries/);
  const erased = await squelch(['sessions', 'redact', 'turn-1', '--reason', 'x', '--home', home]);
  expect(erased).toMatchObject({ status: 1, stderr: expect.stringContaining('can’t be written') });
});

it('a folder that can’t be made', async (context) => {
  if (process.platform !== 'linux') context.skip('needs /proc');
  const { status, stderr } = await squelch(['talk', '--text', 'Hello', '--home', '/proc/squelch/home']);
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^squelch: \/proc\/squelch\/home can't be used as the data folder: no folder can be made there\./,
  );
  const home = temporaryHome();
  openLog(home).close();
  const backup = await squelch(['sessions', 'backup', '--out', '/proc/squelch/backup', '--home', home]);
  expect(backup).toMatchObject({ status: 1, stderr: expect.stringContaining('can’t be written to /proc/squelch') });
});
