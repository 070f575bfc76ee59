/**
 * Who may talk to the browser host: whoever opened the link that was printed, once, and after that the browser
 * that got a cookie for it. Anything on this machine can reach 127.0.0.1, and so can every web page.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;
const COOKIE = 'squelch';

export class Admission {
  readonly #port: number;
  readonly #cookies = new Set<string>();
  #token: string | null = null;

  constructor(port: number) {
    this.#port = port;
  }

  /** Makes a link that lets one browser in; the one before it stops working. */
  issueLink(): string {
    this.#token = randomBytes(SECRET_BYTES).toString('base64url');
    return `http://127.0.0.1:${this.#port}/open/${this.#token}`;
  }

  /** @returns the Set-Cookie header for the browser that brought the token; null when it is wrong or used. */
  redeem(token: string): string | null {
    if (this.#token === null || !equal(token, this.#token)) return null;
    this.#token = null;
    const cookie = randomBytes(SECRET_BYTES).toString('base64url');
    this.#cookies.add(cookie);
    return `${this.#cookieName}=${cookie}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** @param header the request's Cookie header. */
  admits(header: string | undefined): boolean {
    const value = (header ?? '')
      .split(';')
      .map((pair) => pair.trim().split('='))
      .find(([name]) => name === this.#cookieName)?.[1];
    return value !== undefined && [...this.#cookies].some((cookie) => equal(value, cookie));
  }

  /** Against DNS rebinding: a page of another name that resolves to this machine brings that name. */
  isOurHost(host: string | undefined): boolean {
    return host === `127.0.0.1:${this.#port}` || host === `localhost:${this.#port}`;
  }

  /** @param host a host that passed `isOurHost`. */
  isOurOrigin(origin: string | undefined, host: string | undefined): boolean {
    return this.isOurHost(host) && origin === `http://${host}`;
  }

  /** Cookies know no ports: two hosts on one machine must not overwrite each other's. */
  get #cookieName(): string {
    return `${COOKIE}-${this.#port}`;
  }
}

function equal(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
