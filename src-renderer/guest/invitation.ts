/** What a guest's link says, after the #: it never leaves the browser but for the LiveKit server itself. */

export interface Invitation {
  readonly url: string;
  readonly token: string;
  readonly name: string;
  /** Milliseconds since the epoch; null when the token does not say. */
  readonly expiresAt: number | null;
}

/** @param hash `#url=…&token=…` @returns null when it is no invitation */
export function readInvitation(hash: string): Invitation | null {
  const parameters = new URLSearchParams(hash.slice(1));
  const url = parameters.get('url');
  const token = parameters.get('token');
  if (!url || !token || !/^(wss?|https?):/.test(url) || !URL.canParse(url)) return null;
  const claims = claimsOf(token);
  if (!claims) return null;
  const { name, sub, exp } = claims;
  return {
    url,
    token,
    name: textOf(name) || textOf(sub),
    expiresAt: typeof exp === 'number' ? exp * 1000 : null,
  };
}

interface Claims {
  readonly name?: unknown;
  readonly sub?: unknown;
  readonly exp?: unknown;
}

/** Believed only for what is shown: the server checks the token. */
function claimsOf(token: string): Claims | null {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (letter) => letter.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === 'object' && claims !== null ? claims : null;
  } catch {
    return null;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
