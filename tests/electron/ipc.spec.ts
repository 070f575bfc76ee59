/** Every message is checked: who sent it, and what it says. */
import { join } from 'node:path';
import { ROOT } from './binary.ts';
import { expect, test } from './fixtures.ts';

test('answers a command of the contract', async ({ view, home }) => {
  const reply = await view.evaluate(() => window.squelchPreload?.invoke('app.get', {}));
  expect(reply).toMatchObject({ output: { host: 'electron', home } });
});

test('refuses what the contract does not know', async ({ view }) => {
  const replies = await view.evaluate(async () => [
    await window.squelchPreload?.invoke('app.destroy', {}),
    await window.squelchPreload?.invoke('talk.sendText', { text: 7 }),
    await window.squelchPreload?.invoke('constructor', {}),
  ]);
  for (const reply of replies) expect(reply).toMatchObject({ fault: { code: expect.any(String) } });
});

test('answers no other window, even with our own preload', async ({ squelch, view }) => {
  await view.waitForLoadState();
  const refused = await squelch.evaluate(
    async ({ BrowserWindow }, preload) => {
      const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
      await stranger.loadURL('data:text/html,stranger');
      const answer = await stranger.webContents.executeJavaScript(
        "squelchPreload.invoke('app.get', {}).then(() => 'answered', (error) => error.message)",
      );
      stranger.destroy();
      return answer as string;
    },
    join(ROOT, 'out/preload/index.cjs'),
  );
  expect(refused).toContain('This frame may not talk to Squelch');
});

test('a key is kept by the keychain or forgotten, and never comes back', async ({ view }) => {
  const app = await view.evaluate(async () => {
    await window.squelchPreload?.invoke('settings.setKey', { stage: null, key: 'sk-secret-of-the-user' });
    return JSON.stringify(await window.squelchPreload?.invoke('app.get', {}));
  });
  expect(app).not.toContain('sk-secret');
  const { output } = JSON.parse(app) as { output: { keyStorage: { persistent: boolean; note: string } } };
  expect(output.keyStorage.note).not.toBe('');
});
