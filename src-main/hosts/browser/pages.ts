/** The few pages that the browser host says itself, in plain words. */

const TEXT = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };

export interface PlainPage {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export const NOT_FOUND: PlainPage = { status: 404, headers: TEXT, body: 'There is nothing at this address.\n' };

export const READ_ONLY: PlainPage = {
  status: 405,
  headers: { ...TEXT, allow: 'GET, HEAD' },
  body: 'Only GET and HEAD are answered here.\n',
};

export const WRONG_HOST: PlainPage = {
  status: 421,
  headers: TEXT,
  body: 'Squelch answers only at 127.0.0.1 and localhost. Use the link that it printed.\n',
};

export const LOCKED: PlainPage = {
  status: 401,
  headers: TEXT,
  body: [
    'This is Squelch, and it does not know this browser.',
    '',
    'Open the link that was printed in the terminal where Squelch runs. Each link works once;',
    'press Enter in that terminal to get a new one, or start Squelch again.',
    '',
  ].join('\n'),
};
