/** The one window, with everything that a page could abuse turned off. */
import { BrowserWindow, dialog, nativeTheme } from 'electron';
import { WINDOW_URL } from './window-url.ts';

/** The window's grounds, light and dark, so that nothing flashes before the first paint. */
const GROUND = { light: '#faf8f5', dark: '#14171a' };

/** A page that was loaded again and dies sooner than this would die again. */
const CRASH_LOOP_MS = 10_000;

/** @param options.preload path of the bundled preload. @param options.developerTools never in a packaged app. */
export function openWindow(options: { preload: string; developerTools: boolean }): BrowserWindow {
  const window = new BrowserWindow({
    name: 'main',
    windowStatePersistence: true,
    width: 960,
    height: 720,
    minWidth: 420,
    minHeight: 480,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? GROUND.dark : GROUND.light,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      // Its dictionaries would be fetched from the network.
      spellcheck: false,
      devTools: options.developerTools,
    },
  });
  // Nor by Alt, which may be the talk key: only the menu's keys are wanted.
  window.setMenuBarVisibility(false);
  window.once('ready-to-show', () => window.show());
  void window.loadURL(WINDOW_URL);
  loadAgain(window);
  offerToLoadAgain(window);
  return window;
}

/** The core lives on when the page dies: a new page finds the conversation where it was. */
function loadAgain(window: BrowserWindow): void {
  let loadedAgainAt = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', () => {
    const now = performance.now();
    if (now - loadedAgainAt < CRASH_LOOP_MS) {
      void dialog.showMessageBox(window, {
        type: 'error',
        message: 'The window stopped twice',
        detail: 'Close it and start Squelch again. Nothing that was recorded is lost.',
      });
      return;
    }
    loadedAgainAt = now;
    void window.loadURL(WINDOW_URL);
  });
}

/** Electron itself leaves a page that hangs as it is. */
function offerToLoadAgain(window: BrowserWindow): void {
  const [wait, load] = [0, 1];
  let question: AbortController | null = null;
  window.on('unresponsive', async () => {
    if (question) return;
    question = new AbortController();
    const { response } = await dialog.showMessageBox(window, {
      type: 'warning',
      message: 'The window does not react',
      detail: 'What was being recorded has ended and is kept.',
      buttons: ['Wait', 'Load It Again'],
      defaultId: wait,
      cancelId: wait,
      signal: question.signal,
    });
    question = null;
    // What follows is the same as when it dies by itself.
    if (response === load && !window.isDestroyed()) window.webContents.forcefullyCrashRenderer();
  });
  window.on('responsive', () => question?.abort());
}
