/** Where guests of a shared conversation find their page: as the settings say, else served from here. */
import type { OpenGuestPage } from '../app.ts';
import { serveGuestPage } from './serve-guest-page.ts';

/** @param windowFolder the built window: out/renderer */
export function guestPageFrom(windowFolder: string): OpenGuestPage {
  return async (elsewhere, room) => {
    if (elsewhere !== null) return { url: elsewhere, close: async () => {} };
    return serveGuestPage(windowFolder, room);
  };
}
