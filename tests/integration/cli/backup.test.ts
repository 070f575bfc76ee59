import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { squelch } from '../../support/squelch-command.ts';
import { EventScript } from '../../support/turns.ts';

it('backs up beside a running Squelch, restores elsewhere, and says what it did', async () => {
  const home = temporaryHome();
  new EventScript(openLog(home).log.record).wholeTurn('turn-1', { user: 'Hello', reply: 'Good day' });
  const folder = temporaryHome();
  const out = join(folder, 'copy');
  const made = await squelch(['sessions', 'backup', '--out', out, '--home', home]);
  expect(made).toMatchObject({ status: 0, stdout: `Backed up 7 entries and 2 files of sound into ${out}.\n` });
  expect((await squelch(['sessions', 'backup', '--out', out, '--home', home])).status).toBe(1);
  const restored = join(folder, 'restored');
  const { status, json } = await squelch(['sessions', 'restore', out, '--json', '--home', restored]);
  expect(status).toBe(0);
  expect(json()).toEqual({ folder: restored, entries: 7, files: 2, problems: [] });
  expect((await squelch(['sessions', '--json', '--home', restored])).json()).toMatchObject([{ title: 'Hello' }]);
  const refused = await squelch(['sessions', 'restore', out, '--home', restored]);
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('is not empty') });
  expect(readdirSync(folder).toSorted()).toEqual(['copy', 'restored']);
});
