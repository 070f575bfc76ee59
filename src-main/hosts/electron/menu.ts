/**
 * The application menu: what people know from every other window, by roles alone. On Windows and Linux it is never shown
 * (see window.ts) and is there for its keys. Nothing in it has a mnemonic: Alt and a letter are the window's own.
 */
import { Menu, type MenuItemConstructorOptions } from 'electron';

/** @param developerTools never in a packaged app, nor is a reload: what a page holds of a turn would be gone. */
export function applicationMenu(options: { mac: boolean; developerTools: boolean }): Menu {
  const { mac, developerTools } = options;
  return Menu.buildFromTemplate([
    mac ? { role: 'appMenu' } : { label: 'File', submenu: [{ role: 'quit' }] },
    { role: 'editMenu', label: 'Edit' },
    { label: 'View', submenu: view(developerTools) },
    { role: 'windowMenu', label: 'Window' },
  ]);
}

function view(developerTools: boolean): MenuItemConstructorOptions[] {
  const development: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { role: 'toggleDevTools' },
    { type: 'separator' },
  ];
  return [
    ...(developerTools ? development : []),
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    ...ALSO_ZOOM,
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
}

/** Plus needs Shift on most keyboards, and the number pad has keys of its own. */
const ALSO_ZOOM: readonly MenuItemConstructorOptions[] = [
  { role: 'zoomIn', accelerator: 'CommandOrControl+=', visible: false },
  { role: 'zoomIn', accelerator: 'CommandOrControl+numadd', visible: false },
  { role: 'zoomOut', accelerator: 'CommandOrControl+numsub', visible: false },
  { role: 'resetZoom', accelerator: 'CommandOrControl+num0', visible: false },
];
