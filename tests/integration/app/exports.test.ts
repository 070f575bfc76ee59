import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createApp } from '../../../src-main/app.ts';
import { serveBrowser } from '../../../src-main/hosts/browser/serve.ts';
import { createMemorySecretStore } from '../../../src-main/settings/secrets.ts';
import { commands } from '../../../src-preload/contract.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { TestWindow } from '../../support/test-window.ts';

async function talkingApp() {
  const home = await temporaryFolder();
  const app = await createApp({ home, host: 'browser', secrets: createMemorySecretStore(), environment: {} });
  onTestFinished(() => app.close());
  const window = new TestWindow(app);
  const turn = await window.type('Hello there');
  return { app, window, turn };
}

it('exports for a window and serves the file to be saved', async () => {
  const { app, window, turn } = await talkingApp();
  const request = {
    exportId: 'one',
    selection: { sessionIds: [turn.sessionId] },
    format: 'mp3',
    track: 'both',
  } as const;
  const exported = await window.invoke('sessions.export', request);
  expect(commands['sessions.export'].output.parse(exported)).toMatchObject({ turns: 1 });
  expect(exported.url).toMatch(/^\/exports\/squelch-\d{4}-\d\d-\d\d-[\w-]+\.mp3$/);

  const windowFolder = await temporaryFolder();
  await writeFile(`${windowFolder}/index.html`, '');
  const host = await serveBrowser({ app, windowFolder, port: 0 });
  onTestFinished(() => host.close());
  const admitted = await fetch(host.issueLink(), { redirect: 'manual' });
  const cookie = admitted.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const get = (path: string, headers = {}) => fetch(`http://127.0.0.1:${host.port}${path}`, { headers });
  const response = await get(exported.url, { cookie });
  expect(response.headers.get('content-type')).toBe('audio/mpeg');
  expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="squelch-.*\.mp3"$/);
  expect(Buffer.from(await response.arrayBuffer()).equals(readFileSync(exported.path))).toBe(true);
  expect((await get(exported.url)).status).toBe(401);
  for (const path of [
    '/exports/..%2Flog%2Fsquelch.db',
    '/exports/squelch.lock',
    '/exports/squelch-..%2f..%2fsettings.json',
  ]) {
    expect((await get(path, { cookie })).status).toBe(404);
  }
});

it('cancels an export, and says that it did', async () => {
  const { window, turn } = await talkingApp();
  const request = {
    exportId: 'two',
    selection: { sessionIds: [turn.sessionId] },
    format: 'mp3',
    track: 'both',
  } as const;
  const exporting = window.invoke('sessions.export', request);
  await window.invoke('sessions.cancelExport', { exportId: 'two' });
  await expect(exporting).rejects.toMatchObject({ code: 'export-cancelled' });
  await expect(
    window.invoke('sessions.export', { ...request, selection: { sessionIds: ['nobody'] } }),
  ).rejects.toMatchObject({
    code: 'session-unknown',
  });
});

it('removes at the start what a killed export left half done, and nothing else', async () => {
  const home = await temporaryFolder();
  await mkdir(join(home, 'exports'));
  for (const name of ['squelch-a.mp3', 'squelch-a.mp3.99-1.part', 'squelch-a.zip.99-1.part.mp3']) {
    await writeFile(join(home, 'exports', name), 'sound');
  }
  const app = await createApp({ home, host: 'browser', secrets: createMemorySecretStore(), environment: {} });
  onTestFinished(() => app.close());
  expect(readdirSync(join(home, 'exports'))).toEqual(['squelch-a.mp3']);
});
