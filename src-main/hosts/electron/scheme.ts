/**
 * The window's own scheme, `squelch://app`: a standard, secure origin without a server. It serves the built
 * window and the recordings, nothing else, each with the security headers.
 */
import { protocol } from 'electron';
import type { App } from '../../app.ts';
import { downloadResponse } from '../downloads.ts';
import { fileResponse } from '../file-response.ts';
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
    const security = securityHeaders(pathnameOf(request.url), [], app.roomUrl);
    for (const [name, value] of Object.entries(security)) response.headers.set(name, value);
    return response;
  });
}

async function answer(app: App, windowFolder: string, request: Request): Promise<Response> {
  if (!isWindowUrl(request.url)) return new Response(null, { status: 403 });
  const { method, url, headers } = request;
  if (method !== 'GET' && method !== 'HEAD') return new Response(null, { status: 405 });
  const pathname = pathnameOf(url);
  const wanted = { range: headers.get('range'), headOnly: method === 'HEAD' };
  const download = await downloadResponse(app, { pathname, ...wanted });
  if (download) return download;
  const path = windowFile(windowFolder, pathname);
  const file = path === null ? null : await fileResponse(path, wanted, { 'cache-control': 'no-cache' });
  return file ?? new Response(null, { status: 404 });
}

function pathnameOf(url: string): string {
  return new URL(url).pathname;
}
