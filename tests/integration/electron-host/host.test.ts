/** The Electron host on a double of Electron: what is set before what, who is answered, a whole turn, the end. */
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { decodePacket, encodePacket, PACKET_KIND, PACKET_SAMPLES } from '../../../src-preload/audio-packet.ts';
import type { AppView, TurnView } from '../../../src-preload/contract.ts';
import { speech } from '../../support/speech.ts';
import * as electron from './electron-double.ts';

vi.mock('electron', () => import('./electron-double.ts'));

let home: string;
let window: electron.BrowserWindow;

const trusted = () => ({ sender: window.webContents, senderFrame: window.webContents.mainFrame });
const call = (channel: string, event: unknown, ...args: unknown[]) =>
  Promise.resolve(electron.ipcMain.handlers.get(channel)?.(event, ...args));
const invoke = async (name: string, input: unknown) => call('squelch:invoke', trusted(), name, input);

function turns(): TurnView[] {
  return window.webContents.sent
    .filter(({ channel, args }) => channel === 'squelch:event' && args[0] === 'turn.changed')
    .map(({ args }) => args[1] as TurnView);
}

async function outcome(): Promise<TurnView> {
  await expect.poll(() => turns().at(-1)?.outcome ?? null, { timeout: 10_000 }).not.toBeNull();
  return turns().at(-1) as TurnView;
}

/** Asks for the ports as the preload does, and listens as the loudspeaker does. */
async function openAudio(): Promise<{ capture: electron.Port; played: () => number }> {
  await call('squelch:audio', trusted());
  const [capture, playback] = window.webContents.mainFrame.posted.at(-1)?.ports ?? [];
  if (!capture || !playback) throw new Error('No ports came');
  let heard = 0;
  playback.on('message', ({ data }: { data: ArrayBuffer }) => {
    const packet = decodePacket(data);
    if (!packet) throw new Error('No packet');
    heard += packet.samples.length;
    const kind = packet.kind === PACKET_KIND.play ? PACKET_KIND.heard : PACKET_KIND.done;
    const samples = new Int16Array(0);
    playback.postMessage(encodePacket({ kind, stream: packet.stream, sequence: 0, value: heard, samples }));
  });
  capture.start();
  playback.start();
  return { capture, played: () => heard };
}

/** @param first number of the first packet */
function say(capture: electron.Port, takeId: number, samples: Int16Array, first = 0): void {
  for (let index = 0; index * PACKET_SAMPLES < samples.length; index++) {
    const frame = samples.slice(index * PACKET_SAMPLES, (index + 1) * PACKET_SAMPLES);
    capture.postMessage(
      encodePacket({ kind: PACKET_KIND.capture, stream: takeId, sequence: first + index, value: 0, samples: frame }),
    );
  }
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'squelch-electron-host-'));
  vi.stubEnv('SQUELCH_HOME', home);
  vi.stubEnv('OPENAI_API_KEY', '');
  vi.stubEnv('OPENAI_BASE_URL', '');
  await import('../../../src-main/index.ts');
  electron.app.becomeReady();
  await vi.waitFor(() => expect(electron.BrowserWindow.all).toHaveLength(1), { timeout: 10_000 });
  window = electron.BrowserWindow.all[0] as electron.BrowserWindow;
});

afterAll(() => rm(home, { recursive: true, force: true }));

describe('the order of things', () => {
  test('scheme, sandbox and folder before ready; permissions before any page', () => {
    const at = (entry: string) => electron.log.indexOf(entry);
    for (const early of ['declare squelch', 'enableSandbox', 'setPath userData']) {
      expect(at(early), early).toBeGreaterThanOrEqual(0);
      expect(at(early), early).toBeLessThan(at('ready'));
    }
    expect(at('permission requests')).toBeLessThan(at('load squelch://app/'));
    expect(at('permission checks')).toBeLessThan(at('load squelch://app/'));
  });

  test('the window is locked in', () => {
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(window.options.webPreferences.preload).toMatch(/out.preload.index\.cjs$/);
  });

  test('it opens nothing, embeds nothing and goes nowhere but home', () => {
    const { webContents } = window;
    expect(webContents.openHandler?.()).toEqual({ action: 'deny' });
    const stopped = (name: string, details: object) => {
      const preventDefault = vi.fn();
      webContents.emit(name, { ...details, preventDefault });
      return preventDefault.mock.calls.length > 0;
    };
    expect(stopped('will-attach-webview', {})).toBe(true);
    expect(stopped('will-redirect', {})).toBe(true);
    expect(stopped('will-frame-navigate', { url: 'https://example.com/', isMainFrame: true })).toBe(true);
    expect(stopped('will-frame-navigate', { url: 'squelch://app/', isMainFrame: false })).toBe(true);
    expect(stopped('will-frame-navigate', { url: 'squelch://app/', isMainFrame: true })).toBe(false);
  });
});

describe('the menu', () => {
  const items = () => electron.Menu.inForce.flatMap((menu) => [menu, ...(menu.submenu ?? [])]);

  test('has what every window has, and zooms by every key that is one', () => {
    expect(items().map(({ role }) => role)).toEqual(
      expect.arrayContaining(['editMenu', 'windowMenu', 'togglefullscreen', 'quit']),
    );
    const keysOf = (wanted: string) =>
      items().flatMap(({ role, accelerator }) => (role === wanted ? (accelerator ?? 'its own') : []));
    expect(keysOf('zoomIn')).toEqual(['its own', 'CommandOrControl+=', 'CommandOrControl+numadd']);
    expect(keysOf('zoomOut')).toEqual(['its own', 'CommandOrControl+numsub']);
    expect(keysOf('resetZoom')).toEqual(['its own', 'CommandOrControl+num0']);
  });

  test('is never shown, by Alt neither, and takes no Alt and letter from the window', () => {
    expect(window.menuBarVisible).toBe(false);
    expect(window.options).not.toHaveProperty('autoHideMenuBar', true);
    expect(items().filter(({ label }) => label?.includes('&'))).toEqual([]);
    expect(electron.Menu.inForce.every(({ label, role }) => label ?? role === 'appMenu')).toBe(true);
  });

  test('takes no page away in a packaged app', async () => {
    const { applicationMenu } = await import('../../../src-main/hosts/electron/menu.ts');
    for (const [developerTools, found] of [
      [true, true],
      [false, false],
    ] as const) {
      const menu = JSON.stringify(applicationMenu({ mac: true, developerTools }));
      expect([menu.includes('"reload"'), menu.includes('"toggleDevTools"')]).toEqual([found, found]);
    }
  });
});

describe('messages', () => {
  test('from the window are answered', async () => {
    expect(await invoke('app.get', {})).toMatchObject({ output: { host: 'electron', home } });
  });

  test('that do not fit are faults', async () => {
    expect(await invoke('app.destroy', {})).toMatchObject({ fault: { code: expect.any(String) } });
    expect(await invoke('talk.sendText', { text: 7 })).toMatchObject({ fault: { code: expect.any(String) } });
  });

  test.each(['squelch:invoke', 'squelch:audio'])(
    'on %s from anybody else are refused with an error',
    async (channel) => {
      const other = new electron.WebContents();
      const strangers = [
        { sender: window.webContents, senderFrame: null },
        { sender: window.webContents, senderFrame: new electron.Frame('squelch://app') },
        { sender: other, senderFrame: other.mainFrame },
      ];
      for (const stranger of strangers) {
        await expect((async () => call(channel, stranger, 'app.get', {}))()).rejects.toThrow(
          'This frame may not talk to Squelch',
        );
      }
      const frame = window.webContents.mainFrame;
      Object.defineProperty(frame, 'origin', { value: 'https://evil.example', configurable: true });
      await expect((async () => call(channel, trusted(), 'app.get', {}))()).rejects.toThrow('may not talk');
      Object.defineProperty(frame, 'origin', { value: 'squelch://app', configurable: true });
    },
  );
});

describe('a turn', () => {
  test('by microphone and loudspeaker, over ports that copy', async () => {
    const { capture, played } = await openAudio();
    const samples = await speech('Hello, can you hear me?');
    await invoke('talk.press', { takeId: 1, input: { deviceLabel: null, processing: [] } });
    say(capture, 1, samples);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(electron.powerSaveBlocker.started.size).toBe(1);
    await invoke('talk.release', { takeId: 1, heldMs: 2_000, lost: false });
    say(capture, 1, new Int16Array(0));
    const turn = await outcome();
    expect(turn).toMatchObject({ outcome: 'completed', user: { lostFrames: 0 } });
    expect(turn.user.committed).toContain('Measured, not understood');
    expect(played()).toBeGreaterThan(24_000);
    await expect.poll(() => electron.powerSaveBlocker.started.size).toBe(0);
    expect(electron.log.filter((entry) => entry.startsWith('awake'))).toEqual(['awake prevent-app-suspension']);
  });

  test('is heard again by its recordings, in parts', async () => {
    const turn = turns().at(-1) as TurnView;
    const url = `squelch://app/recordings/${turn.id}/user.wav`;
    const part = await electron.protocol.serve?.(new Request(url, { headers: { range: 'bytes=0-3' } }));
    expect(part?.status).toBe(206);
    expect(await part?.text()).toBe('RIFF');
  });

  test.each([
    ['sleeps', 2, () => electron.powerMonitor.emit('suspend')],
    ['gives the screen to another user', 5, () => electron.powerMonitor.emit('user-did-resign-active')],
    ['asks whether the session may end', 4, () => window.emit('query-session-end', {})],
  ])('ends and is kept when the system %s', async (_, takeId, happens) => {
    const { capture } = await openAudio();
    const before = turns().length;
    await invoke('talk.press', { takeId, input: { deviceLabel: null, processing: [] } });
    say(capture, takeId, await speech('Then the lid was closed.'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    happens();
    await expect.poll(() => turns().length).toBeGreaterThan(before);
    const turn = await outcome();
    expect(turn.user.audioMs).toBeGreaterThan(1_000);
    expect(turn.outcome).toBe('completed');
  });

  test('is not touched by a navigation that is refused, or becomes a download', async () => {
    const { capture } = await openAudio();
    const before = turns().length;
    await invoke('talk.press', { takeId: 4, input: { deviceLabel: null, processing: [] } });
    const samples = await speech('Then a link was clicked.');
    say(capture, 4, samples);
    window.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    await expect.poll(() => turns().length).toBeGreaterThan(before);
    say(capture, 4, samples, Math.ceil(samples.length / PACKET_SAMPLES));
    await invoke('app.get', {});
    await new Promise((resolve) => setTimeout(resolve, 200));
    await invoke('talk.release', { takeId: 4, heldMs: 2_000, lost: false });
    const turn = await outcome();
    expect(turn.user.audioMs).toBeCloseTo((2 * samples.length) / 24, -2);
    expect(turn.outcome).toBe('completed');
  });

  test('of a page that is loaded again ends and is kept, and the new page is answered', async () => {
    const { capture } = await openAudio();
    await invoke('talk.press', { takeId: 3, input: { deviceLabel: null, processing: [] } });
    say(capture, 3, await speech('Then the window was loaded again.'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    window.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    window.webContents.emit('did-navigate', {}, 'squelch://app/', 200, 'OK');
    await invoke('app.get', {});
    const next = await openAudio();
    await invoke('talk.takeOver', {});
    const turn = await outcome();
    expect(turn.user.audioMs).toBeGreaterThan(1_000);
    expect(turn.outcome).toBe('completed');
    expect(next.played()).toBeGreaterThan(0);
  });
});

describe('a page', () => {
  const boxes = () => electron.dialog.open.map(({ text }) => text);

  test('that hangs ends what is recorded, and is loaded again if the user wants', async () => {
    const { capture } = await openAudio();
    const before = turns().length;
    await invoke('talk.press', { takeId: 6, input: { deviceLabel: null, processing: [] } });
    say(capture, 6, await speech('Then the window hung.'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    window.emit('unresponsive');
    window.emit('unresponsive');
    await expect.poll(() => turns().length).toBeGreaterThan(before);
    expect((await outcome()).outcome).toBe('completed');

    expect(boxes()).toEqual([expect.stringContaining('does not react')]);
    window.emit('responsive');
    expect(boxes()).toEqual([]);
    const { length } = window.loaded;
    await new Promise(setImmediate);
    expect(window.loaded).toHaveLength(length);
    window.emit('unresponsive');
    electron.dialog.open[0]?.answer('Load It Again');
    await expect.poll(() => window.loaded.length).toBe(length + 1);
  });

  test('that dies again at once is not loaded for ever, and the user is told', () => {
    const { length } = window.loaded;
    window.webContents.forcefullyCrashRenderer();
    expect(window.loaded).toHaveLength(length);
    expect(boxes()).toEqual([expect.stringContaining('stopped twice')]);
  });

  test('that dies for the first time is loaded again without a word', async () => {
    const { openWindow } = await import('../../../src-main/hosts/electron/window.ts');
    electron.dialog.open = [];
    const other = openWindow({ preload: '', developerTools: false }) as unknown as electron.BrowserWindow;
    other.webContents.forcefullyCrashRenderer();
    expect(other.loaded).toHaveLength(2);
    expect(boxes()).toEqual([]);
  });
});

test('who starts Squelch again, or clicks it in the Dock, gets the window that there is', () => {
  for (const event of ['second-instance', 'activate']) {
    window.minimised = true;
    const { length } = electron.log;
    electron.app.emit(event, {});
    expect([window.minimised, ...electron.log.slice(length)]).toEqual([false, 'show', 'focus']);
  }
});

describe('the scheme', () => {
  const get = async (url: string, method = 'GET') => electron.protocol.serve?.(new Request(url, { method }));

  test('serves the window with its policy', async () => {
    const page = await get('squelch://app/');
    expect(page?.status).toBe(200);
    expect(await page?.text()).toContain('<title>Squelch</title>');
    expect(page?.headers.get('content-security-policy')).toContain("connect-src 'self';");
    expect(page?.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('says of every file of the window what it is: a script that does not is never run', async () => {
    const files = await readdir(join(import.meta.dirname, '../../../out/renderer'), { recursive: true });
    const kinds = await Promise.all(
      files
        .filter((file) => file.includes('.'))
        .map(async (file) => {
          const answer = await get(`squelch://app/${file.replaceAll('\\', '/')}`, 'HEAD');
          return `${extname(file)} ${answer?.headers.get('content-type')}`;
        }),
    );
    expect([...new Set(kinds)].sort()).toEqual([
      '.css text/css; charset=utf-8',
      '.html text/html; charset=utf-8',
      '.js text/javascript; charset=utf-8',
      '.svg image/svg+xml',
      '.woff2 font/woff2',
    ]);
  });

  test.each([
    ['squelch://app/..%2f..%2fpackage.json', 404],
    ['squelch://app/nowhere.js', 404],
    ['squelch://app/assets', 404],
    ['squelch://evil/', 403],
  ])('%s is %i', async (url, status) => {
    expect((await get(url))?.status).toBe(status);
  });

  test('takes no other method', async () => {
    expect((await get('squelch://app/', 'POST'))?.status).toBe(405);
  });
});

describe('a download', () => {
  class Item extends EventEmitter {
    readonly #url: string;
    title = '';

    constructor(url: string) {
      super();
      this.#url = url;
    }
    getURL = () => this.#url;
    getFilename = () => 'squelch-1.mp3';
    setSaveDialogOptions = ({ title }: { title: string }) => (this.title = title);
  }

  function download(url: string): { item: Item; refused: boolean } {
    const item = new Item(url);
    const preventDefault = vi.fn();
    electron.session.defaultSession.emit('will-download', { preventDefault }, item);
    return { item, refused: preventDefault.mock.calls.length > 0 };
  }

  test('is saved where the user says', () => {
    const { item, refused } = download('squelch://app/exports/squelch-1.mp3');
    expect({ refused, title: item.title }).toEqual({ refused: false, title: 'Save squelch-1.mp3' });
    item.emit('done', {}, 'completed');
    expect(electron.dialog.open).toEqual([]);
  });

  test('that could not be written is told', () => {
    const { item } = download('squelch://app/exports/squelch-1.mp3');
    item.emit('done', {}, 'interrupted');
    expect(electron.dialog.open.map(({ text }) => text)).toEqual([expect.stringContaining('was not saved')]);
  });

  test('from elsewhere is refused', () => {
    expect(download('https://evil.example/a.exe').refused).toBe(true);
  });
});

describe('keys', () => {
  test('are on disk only encrypted, and forgotten on request', async () => {
    await invoke('settings.setKey', { stage: null, key: 'sk-secret-of-the-user' });
    const file = await readFile(join(home, 'keys.json'), 'utf8');
    expect(file).not.toContain('sk-secret');
    expect(JSON.stringify(await invoke('app.get', {}))).not.toContain('sk-secret');
    expect(await invoke('app.get', {})).toMatchObject({ output: { stages: { stt: { key: 'stored' } } } });
    await invoke('settings.setKey', { stage: null, key: null });
    expect(JSON.parse(await readFile(join(home, 'keys.json'), 'utf8')).keys).toEqual({});
  });

  test('are read again with a new conversation when the keychain was locked', async () => {
    await invoke('settings.setKey', { stage: 'stt', key: 'sk-secret-of-the-user' });
    const { decryptStringAsync } = electron.safeStorage;
    const keyAfter = async (command: string, input: object) => {
      await invoke(command, input);
      const { output } = (await invoke('app.get', {})) as { output: AppView };
      return [output.stages.stt.key, output.keyStorage.note];
    };
    electron.safeStorage.decryptStringAsync = () => Promise.reject(new Error('The keychain is locked'));
    const locked = expect.stringContaining('Unlock it, then begin a new conversation');
    expect(await keyAfter('settings.update', { appearance: 'dark' })).toEqual(['none', locked]);
    expect(await keyAfter('conversation.new', {})).toEqual(['none', locked]);
    electron.safeStorage.decryptStringAsync = decryptStringAsync;
    expect(await keyAfter('conversation.new', {})).toEqual(['stored', expect.stringContaining('encrypted')]);
    await invoke('settings.setKey', { stage: 'stt', key: null });
  });

  test('are read although they can’t be encrypted anew', async () => {
    await invoke('settings.setKey', { stage: 'stt', key: 'sk-secret-of-the-user' });
    const { openSecretStore } = await import('../../../src-main/hosts/electron/secrets.ts');
    const { encryptStringAsync, decryptStringAsync } = electron.safeStorage;
    electron.safeStorage.decryptStringAsync = async (bytes) => ({
      ...(await decryptStringAsync(bytes)),
      shouldReEncrypt: true,
    });
    electron.safeStorage.encryptStringAsync = () => Promise.reject(new Error('The keychain is locked'));
    expect(await (await openSecretStore(home)).get('stt')).toBe('sk-secret-of-the-user');
    Object.assign(electron.safeStorage, { encryptStringAsync, decryptStringAsync });
    await invoke('settings.setKey', { stage: 'stt', key: null });
  });
});

test('quitting waits for the core, and a shutdown of the system for both', async () => {
  let held = false;
  electron.powerMonitor.emit('shutdown', { preventDefault: () => (held = true) });
  expect(held).toBe(true);
  expect(await electron.app.exited.promise).toBe(0);
  expect(electron.ipcMain.handlers.size).toBe(0);
  expect(existsSync(join(home, 'squelch.lock.json'))).toBe(false);
});
