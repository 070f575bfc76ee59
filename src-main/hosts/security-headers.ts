/** What a page may do, said in headers, the same in both hosts: each loads its own files, and talks to nobody it need not. */

interface Policy {
  /** Besides itself: `ws://127.0.0.1:4747`. */
  readonly connects: readonly string[];
  /** Whose pages may show it in a frame. */
  readonly framedBy: "'none'" | "'self'";
  /** Which pages it may show in a frame. */
  readonly frames: "'none'" | "'self'";
}

function headersOf({ connects, framedBy, frames }: Policy): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    "media-src 'self'",
    ["connect-src 'self'", ...connects].join(' '),
    "worker-src 'self'",
    `frame-src ${frames}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framedBy}`,
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'permissions-policy': 'microphone=(self), camera=(), geolocation=(), display-capture=(), usb=(), serial=(), hid=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

/** The page through which the window talks to a LiveKit server. */
export const ROOM_PAGE = '/room.html';

/**
 * The headers of everything that a window is given. It talks to its own core and nothing else; only the page in its
 * frame talks to a LiveKit server, to the one of the room it is in.
 * @param socketOrigins where the window's WebSocket goes; empty where there is none
 * @param liveKitUrl of the room that the window is in; null when it is in none
 */
export function securityHeaders(
  pathname: string,
  socketOrigins: readonly string[],
  liveKitUrl: string | null,
): Record<string, string> {
  if (pathname !== ROOM_PAGE) return headersOf({ connects: socketOrigins, framedBy: "'none'", frames: "'self'" });
  return headersOf({
    connects: liveKitUrl === null ? [] : originsOf(liveKitUrl),
    framedBy: "'self'",
    frames: "'none'",
  });
}

/** The headers of the guests' page. */
export function guestPageHeaders(liveKitUrl: string): Record<string, string> {
  return headersOf({ connects: originsOf(liveKitUrl), framedBy: "'none'", frames: "'none'" });
}

/** A client talks to a LiveKit server by WebSocket, and asks it by HTTP why it was not let in. */
function originsOf(liveKitUrl: string): string[] {
  const { host, protocol } = new URL(liveKitUrl);
  const secure = protocol === 'wss:' || protocol === 'https:';
  return secure ? [`wss://${host}`, `https://${host}`] : [`ws://${host}`, `http://${host}`];
}
