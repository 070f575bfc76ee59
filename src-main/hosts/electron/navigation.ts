/** The window stays where it is: it goes nowhere, opens nothing and embeds nothing but the page of a room, whatever it is told. */
import type { App as ElectronApp } from 'electron';
import { ROOM_PAGE } from '../security-headers.ts';
import { isWindowUrl, WINDOW_ORIGIN } from './window-url.ts';

export function denyNavigation(electron: ElectronApp): void {
  electron.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    // A reload is a navigation to the same place.
    contents.on('will-frame-navigate', (event) => {
      const own = event.isMainFrame ? isWindowUrl(event.url) : event.url === `${WINDOW_ORIGIN}${ROOM_PAGE}`;
      if (!own) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
  });
}
