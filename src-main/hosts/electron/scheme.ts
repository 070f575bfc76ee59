/**
 * The window's own scheme, `squelch://app`: a standard, secure origin without a server. It serves the built
 * window and the recordings, nothing else, each with the security headers.
 */
import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { net, protocol } from 'electron';
import type { App } from '../../app.ts';
import { downloadResponse } from '../downloads.ts';
import { securityHeaders } from '../security-headers.ts';
import { isWindowUrl, SCHEME, windowFile } from './window-url.ts';

/** Must run before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

/** @param windowFolder the built window: out/renderer. */
export function serveScheme(app: App, windowFolder: string): void {
  protocol.handle(SCHEME, async (request) => {
    const response = await answer(app, windowFolder, request);
    // What net.fetch returns has headers that can't be written.
    const headers = new Headers(response.headers);
    const security = securityHeaders(pathnameOf(request.url), [], app.roomUrl);
    for (const [name, value] of Object.entries(security)) headers.set(name, value);
    return new Response(response.body, { status: response.status, headers });
  });
}

async function answer(app: App, windowFolder: string, request: Request): Promise<Response> {
  if (!isWindowUrl(request.url)) return new Response(null, { status: 403 });
  if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 });
  const pathname = pathnameOf(request.url);
  const range = request.headers.get('range');
  const download = await downloadResponse(app, { pathname, range, headOnly: request.method === 'HEAD' });
  if (download) return download;
  const path = windowFile(windowFolder, pathname);
  if (!path || !(await isFile(path))) return new Response(null, { status: 404 });
  return net.fetch(pathToFileURL(path).href);
}

function pathnameOf(url: string): string {
  return new URL(url).pathname;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
