import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openLog, temporaryHome } from '../../support/audit.ts';
import { squelch } from '../../support/squelch-command.ts';
import { EventScript } from '../../support/turns.ts';

it('previews and runs the rules of the settings, or those given', async () => {
  const home = temporaryHome();
  const { log, close } = openLog(home);
  const old = Date.UTC(2020, 0, 1);
  new EventScript(log.record, 'session-1', old).wholeTurn('turn-1', { user: 'Hello', reply: 'Good day' });
  close();
  const sounds = () => globSync('audio/*/*.wav', { cwd: home });

  const none = await squelch(['sessions', 'retention', '--home', home]);
  expect(none).toMatchObject({ status: 2, stderr: expect.stringContaining('--sound-days') });
  expect((await squelch(['sessions', 'retention', '--sound-days', '0', '--home', home])).status).toBe(2);

  writeFileSync(join(home, 'settings.json'), JSON.stringify({ log: { soundDays: 30 } }));
  const preview = await squelch(['sessions', 'retention', '--preview', '--home', home]);
  expect(preview).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^Would erase the sound of 1 turn \(\d+ kB\)/),
  });
  expect(sounds()).toHaveLength(2);
  const run = await squelch(['sessions', 'retention', '--json', '--home', home]);
  expect(run.json()).toMatchObject({ sound: { turns: 1 }, sessions: { sessions: 0 } });
  expect(sounds()).toEqual([]);
  const all = await squelch(['sessions', 'retention', '--all-days', '30', '--json', '--home', home]);
  expect(all.json()).toMatchObject({ sessions: { sessions: 1 } });
  expect((await squelch(['sessions', '--json', '--home', home])).json()).toEqual([]);
});
