/** The one window, with everything that a page could abuse turned off. */
import { BrowserWindow, dialog, nativeTheme } from 'electron';
import { WINDOW_URL } from './window-url.ts';

/** The window's grounds, light and dark, so that nothing flashes before the first paint. */
const GROUND = { light: '#faf8f5', dark: '#14171a' };

/** A page that dies sooner than this would die again. */
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
  // The core lives on when the page dies: a new page finds the conversation where it was.
  let loadedAt = performance.now();
  window.webContents.on('render-process-gone', () => {
    if (performance.now() - loadedAt < CRASH_LOOP_MS) {
      dialog.showErrorBox(
        'The window stopped twice',
        'Close it and start Squelch again. Nothing that was recorded is lost.',
      );
      return;
    }
    loadedAt = performance.now();
    void window.loadURL(WINDOW_URL);
  });
  return window;
}
