/** The window stays where it is: it goes nowhere, opens nothing and embeds nothing, whatever it is told. */
import type { App as ElectronApp } from 'electron';
import { isWindowUrl } from './window-url.ts';

export function denyNavigation(electron: ElectronApp): void {
  electron.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.on('will-attach-webview', (event) => event.preventDefault());
    // A reload is a navigation to the same place.
    contents.on('will-frame-navigate', (event) => {
      if (!event.isMainFrame || !isWindowUrl(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => event.preventDefault());
  });
}
