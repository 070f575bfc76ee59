/** The window is locked in: own scheme, own policy, no Node, no way out. */
import { expect, test } from './fixtures.ts';

test('is one window on the app’s own origin', async ({ squelch, view }) => {
  expect(squelch.windows()).toHaveLength(1);
  expect(view.url()).toBe('squelch://app/');
  // What the menus of macOS call it.
  expect(await squelch.evaluate(({ app }) => app.name)).toBe('Squelch');
  expect(await view.evaluate(() => [location.origin, isSecureContext])).toEqual(['squelch://app', true]);
});

test('has the bridge’s three functions and nothing of Node', async ({ view }) => {
  const world = await view.evaluate(() => ({
    bridge: Object.keys(window.squelchPreload ?? {}).sort(),
    node: ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in globalThis),
  }));
  expect(world).toEqual({ bridge: ['invoke', 'on', 'requestAudio'], node: [] });
});

test('is sandboxed and isolated', async ({ squelch, view }) => {
  await view.waitForLoadState();
  const preferences = await squelch.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
      getLastWebPreferences(): Record<string, unknown>;
    };
    const { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag } = contents.getLastWebPreferences();
    return { sandbox, contextIsolation, nodeIntegration, webSecurity, webviewTag };
  });
  expect(preferences).toEqual({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
});

test('serves its files with the policy as a header, and nothing from outside its folder', async ({ view }) => {
  const answers = await view.evaluate(async () => {
    const ask = async (path: string) => {
      const answer = await fetch(path);
      return { status: answer.status, policy: answer.headers.get('content-security-policy') ?? '' };
    };
    return {
      index: await ask('/'),
      outside: await ask('/..%2f..%2fpackage.json'),
      dots: await ask('/%2e%2e/%2e%2e/package.json'),
      nowhere: await ask('/nowhere.js'),
      recording: await ask('/recordings/..%2f..%2fsecret/user.wav'),
    };
  });
  expect(answers.index.status).toBe(200);
  expect(answers.index.policy).toContain("default-src 'none'");
  expect(answers.index.policy).toContain("connect-src 'self';");
  for (const { status } of [answers.outside, answers.dots, answers.nowhere, answers.recording])
    expect(status).toBe(404);
});

test('goes nowhere and opens nothing', async ({ squelch, view }) => {
  const opened = await view.evaluate(() => window.open('https://example.com/') === null);
  expect(opened).toBe(true);
  await view.evaluate(() => {
    location.href = 'https://example.com/';
  });
  await view.waitForTimeout(500);
  expect(view.url()).toBe('squelch://app/');
  // The window is as it was: it can still talk.
  await view.keyboard.down('Space');
  await expect(view.locator('[data-talk-key]')).toHaveAttribute('data-mode', 'recording');
  await view.keyboard.up('Space');
  expect(squelch.windows()).toHaveLength(1);
});

test('has a menu for its keys, which on Windows and Linux is not shown', async ({ squelch }) => {
  const menu = await squelch.evaluate(({ BrowserWindow, Menu }) => ({
    roles: Menu.getApplicationMenu()?.items.flatMap(({ submenu }) => submenu?.items.map(({ role }) => role) ?? []),
    shown: BrowserWindow.getAllWindows()[0]?.isMenuBarVisible(),
  }));
  expect(menu.roles).toEqual(expect.arrayContaining(['copy', 'paste', 'zoomin', 'zoomout', 'resetzoom', 'quit']));
  if (process.platform !== 'darwin') expect(menu.shown).toBe(false);
});

test('reaches no network', async ({ view }) => {
  const reached = await view.evaluate(() =>
    fetch('https://example.com/').then(
      () => true,
      () => false,
    ),
  );
  expect(reached).toBe(false);
});

test('may hear, and neither see nor locate', async ({ view }) => {
  const answers = await view.evaluate(async () => {
    const open = (constraints: MediaStreamConstraints) =>
      navigator.mediaDevices.getUserMedia(constraints).then(
        (stream) => {
          for (const track of stream.getTracks()) track.stop();
          return 'granted';
        },
        (error: DOMException) => error.name,
      );
    return {
      sound: await open({ audio: true }),
      camera: await open({ video: true }),
      both: await open({ audio: true, video: true }),
      location: await new Promise((resolve) => {
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          ({ code }) => resolve(code),
        );
      }),
      notifications: await Notification.requestPermission(),
    };
  });
  expect(answers).toMatchObject({ sound: 'granted', camera: 'NotAllowedError', both: 'NotAllowedError', location: 1 });
  expect(answers.notifications).not.toBe('granted');
});
