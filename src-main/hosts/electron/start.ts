/** Electron's life, from the first event to the last: one instance, one core, one window. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BrowserWindow, dialog, app as electron, Menu, powerMonitor, session } from 'electron';
import { type App, createApp, endNativeThreads } from '../../app.ts';
import { toFault } from '../../fault.ts';
import { guestPageFrom } from '../guest-page.ts';
import { resolveHome } from '../home.ts';
import { INSTALLATION } from '../installation.ts';
import { linkWindow, type WindowLink } from './ipc.ts';
import { applicationMenu } from './menu.ts';
import { denyNavigation } from './navigation.ts';
import { restrictPermissions } from './permissions.ts';
import { saveDownloads } from './save-downloads.ts';
import { declareScheme, serveScheme } from './scheme.ts';
import { openSecretStore } from './secrets.ts';
import { openWindow } from './window.ts';

/** Called while the entry is evaluated: the scheme and the sandbox must be declared before the app is ready. */
export function startElectron(): void {
  declareScheme();
  electron.enableSandbox();
  denyNavigation(electron);
  const home = resolveHome(askedHome(), process.env);
  takeOwnFolder(join(home, 'window'));
  if (!electron.requestSingleInstanceLock()) {
    electron.quit();
    return;
  }
  electron
    .whenReady()
    .then(() => run(home))
    .catch(refuse);
}

/** For Chromium's own files; it is also what makes an instance single: one per home. */
function takeOwnFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    electron.setPath('userData', folder);
  } catch {
    // The core will say what is wrong with the home folder, in a dialog, once there can be one.
  }
}

async function run(home: string): Promise<void> {
  restrictPermissions(session.defaultSession);
  saveDownloads(session.defaultSession);
  const developerTools = !electron.isPackaged;
  Menu.setApplicationMenu(applicationMenu({ mac: process.platform === 'darwin', developerTools }));
  const secrets = await openSecretStore(home);
  const app = await createApp({
    home,
    host: 'electron',
    secrets,
    environment: process.env,
    openGuestPage: guestPageFrom(INSTALLATION.window),
  });
  serveScheme(app, INSTALLATION.window);

  const window = openWindow({ preload: INSTALLATION.preload, developerTools });
  const link = linkWindow(app, window);
  powerMonitor.on('suspend', () => link.loseKey());
  powerMonitor.on('lock-screen', () => link.loseKey());
  powerMonitor.on('user-did-resign-active', () => link.loseKey());
  powerMonitor.on('shutdown', quitBeforeShutdown as () => void);
  window.on('unresponsive', () => link.loseKey());
  window.on('query-session-end', () => link.loseKey());
  electron.on('second-instance', () => showAgain(window));
  // macOS leaves it to us when the Dock's icon is clicked and the window is minimised.
  electron.on('activate', () => showAgain(window));
  electron.on('window-all-closed', () => electron.quit());
  const close = closeBeforeQuit(app, link);
  // Windows tells nobody else that it ends the session. Unless we are quitting by then, Electron ends us right after this.
  window.on('session-end', () => {
    close();
    electron.quit();
  });
}

/** The system waits until we are gone. Electron's types leave the event out. */
function quitBeforeShutdown(event: { preventDefault(): void }): void {
  event.preventDefault();
  electron.quit();
}

/** Quits only when the core has finished what it was writing. @returns begins with that at once, and quits then */
function closeBeforeQuit(app: App, link: WindowLink): () => void {
  let closing = false;
  const close = () => {
    if (closing) return;
    closing = true;
    link.close();
    app
      .close()
      .finally(endNativeThreads)
      .then(
        () => electron.exit(0),
        () => electron.exit(1),
      );
  };
  electron.on('will-quit', (event) => {
    event.preventDefault();
    close();
  });
  return close;
}

function showAgain(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function refuse(error: unknown): void {
  const { message, hint } = toFault(error);
  dialog.showErrorBox('Squelch can’t start', `${message}\n\n${hint}`);
  electron.exit(1);
}

/** Chromium's own switches are on the same command line; Electron's binary takes the app's folder before them. */
function askedHome(): string | undefined {
  const args = process.argv.slice(process.defaultApp ? 2 : 1);
  const { values } = parseArgs({ args, options: { home: { type: 'string' } }, strict: false });
  return typeof values.home === 'string' ? values.home : undefined;
}
