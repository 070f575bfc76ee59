/** The window's own origin, `squelch://app`, and which file of the built window an address there means. */
import { join, normalize, sep } from 'node:path';

export const SCHEME = 'squelch';
const HOST = 'app';

/** The only origin that may talk to the core. */
export const WINDOW_ORIGIN = `${SCHEME}://${HOST}`;
export const WINDOW_URL = `${WINDOW_ORIGIN}/`;

/** Node does not know our scheme's origin, so it is compared by its parts. */
export function isWindowUrl(url: string | undefined): boolean {
  if (!url || !URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === `${SCHEME}:` && host === HOST && username === '' && password === '';
}

/** @param pathname still encoded. @returns null when it leads out of the folder or nowhere. */
export function windowFile(folder: string, pathname: string): string | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname === '/' ? '/index.html' : pathname);
  } catch {
    return null;
  }
  if (decoded.includes('\0')) return null;
  const path = normalize(join(folder, decoded));
  return path.startsWith(folder + sep) ? path : null;
}
