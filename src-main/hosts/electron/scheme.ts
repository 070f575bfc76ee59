/**
 * The window's own scheme, `squelch://app`: a standard, secure origin without a server. It serves the built
 * window and the recordings, nothing else, each with the security headers.
 */
import { join, normalize, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { net, protocol } from 'electron';
import type { App } from '../../app.ts';
import { recordingResponse } from '../recordings.ts';
import { securityHeaders } from '../security-headers.ts';

const SCHEME = 'squelch';
const HOST = 'app';

/** The only origin that may talk to the core. */
export const WINDOW_ORIGIN = `${SCHEME}://${HOST}`;
export const WINDOW_URL = `${WINDOW_ORIGIN}/`;

/** Must run before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

/** Node does not know our scheme's origin, so it is compared by its parts. */
export function isWindowUrl(url: string | undefined): boolean {
  if (!url || !URL.canParse(url)) return false;
  const { protocol: scheme, host, username, password } = new URL(url);
  return scheme === `${SCHEME}:` && host === HOST && username === '' && password === '';
}

/** @param windowFolder the built window: out/renderer. */
export function serveScheme(app: App, windowFolder: string): void {
  protocol.handle(SCHEME, async (request) => {
    const response = await answer(app, windowFolder, request);
    // What net.fetch returns has headers that can't be written.
    const headers = new Headers(response.headers);
    for (const [name, value] of Object.entries(securityHeaders([]))) headers.set(name, value);
    return new Response(response.body, { status: response.status, headers });
  });
}

async function answer(app: App, windowFolder: string, request: Request): Promise<Response> {
  if (!isWindowUrl(request.url)) return new Response(null, { status: 403 });
  if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 });
  const { pathname } = new URL(request.url);
  const range = request.headers.get('range');
  const recording = await recordingResponse(app, { pathname, range, headOnly: request.method === 'HEAD' });
  if (recording) return recording;
  const path = filePath(windowFolder, pathname);
  if (!path) return new Response(null, { status: 404 });
  return net.fetch(pathToFileURL(path).href).catch(() => new Response(null, { status: 404 }));
}

/** @returns null when the path leads out of the folder. */
function filePath(folder: string, pathname: string): string | null {
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
