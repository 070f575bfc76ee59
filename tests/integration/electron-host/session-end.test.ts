/** Windows ends the session without a quit: the core closes all the same, and lets go of the home folder. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import * as electron from './electron-double.ts';

vi.mock('electron', () => import('./electron-double.ts'));

const home = await mkdtemp(join(tmpdir(), 'squelch-electron-host-'));
afterAll(() => rm(home, { recursive: true, force: true }));

test('the end of the session closes the core', async () => {
  vi.stubEnv('SQUELCH_HOME', home);
  await import('../../../src-main/index.ts');
  electron.app.becomeReady();
  await vi.waitFor(() => expect(electron.BrowserWindow.all).toHaveLength(1), { timeout: 10_000 });
  await vi.waitFor(() => expect(electron.powerMonitor.listenerCount('shutdown')).toBe(1));
  expect(electron.BrowserWindow.all[0]?.endSession()).toBe('waited for');
  expect(await electron.app.exited.promise).toBe(0);
  expect(existsSync(join(home, 'squelch.lock.json'))).toBe(false);
});
