/**
 * Numbers, times and keys as they are read: every figure on the screens comes from here. Durations are given in
 * milliseconds, shares from 0 to 1, money in US dollars.
 */

/** Made once each: they are asked for with every movement of a slider. */
const FIGURES = [0, 1, 2, 3].map(
  (decimals) => new Intl.NumberFormat('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
);
const SHARES = [0, 1].map(
  (decimals) => new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: decimals }),
);
const DOLLARS = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });
const CENTS = new Intl.NumberFormat('en', {
  style: 'currency',
  currency: 'USD',
  minimumSignificantDigits: 2,
  maximumSignificantDigits: 2,
});
const TIME = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const DATE_TIME = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' });
const YEAR = new Intl.DateTimeFormat('en-GB', { year: 'numeric' });
const DISTANCE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** With so many decimals: `0.937`, `1,250`. */
export function formatFigure(value: number, decimals: 0 | 1 | 2 | 3): string {
  return (FIGURES[decimals] as Intl.NumberFormat).format(value);
}

export function formatCount(count: number): string {
  return formatFigure(count, 0);
}

/** `93.7%`. */
export function formatShare(share: number, decimals: 0 | 1 = 1): string {
  return (SHARES[decimals] as Intl.NumberFormat).format(share);
}

/** What was waited for: `0 s`, `4 ms`, `0.84 s`, `12.3 s`, `2:05`. */
export function formatSeconds(ms: number): string {
  const seconds = ms / 1000;
  if (ms === 0) return '0 s';
  if (ms > 0 && ms < 9.5) return formatMs(Math.max(1, ms));
  if (seconds < 9.995) return `${formatFigure(seconds, 2)} s`;
  if (seconds < 59.95) return `${formatFigure(seconds, 1)} s`;
  return formatClock(Math.round(seconds) * 1000);
}

/** What is set and measured exactly: `250 ms`. */
export function formatMs(ms: number): string {
  return `${formatFigure(ms, 0)} ms`;
}

/** What goes by: `0:04`, `12:30`, `1:02:03`. */
export function formatClock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A place in a recording, as finely as steps of `stepMs` need: `1:05`, `1:05.2`, `1:05.250`. */
export function formatTick(ms: number, stepMs: number): string {
  const decimals = stepMs >= 1000 ? 0 : stepMs >= 100 ? 1 : stepMs >= 10 ? 2 : 3;
  const rounded = Math.round(ms);
  const fraction = String(rounded % 1000).padStart(3, '0');
  return decimals === 0 ? formatClock(rounded) : `${formatClock(rounded)}.${fraction.slice(0, decimals)}`;
}

/** Two figures that matter, whole cents from ten of them on: `$0.00042`, `$0.013`, `$1,204.50`. */
export function formatCost(dollars: number): string {
  if (dollars === 0) return '$0';
  if (dollars < 0.000001) return '<$0.000001';
  return dollars < 0.0995 ? CENTS.format(dollars) : DOLLARS.format(dollars);
}

/** `0 B`, `640 kB`, `12.3 MB`, in powers of a thousand as disks are sold. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${formatFigure(value, unit > 0 && value < 99.95 ? 1 : 0)} ${units[unit]}`;
}

/** `14:05`. */
export function formatTime(at: number): string {
  return TIME.format(at);
}

/** `27 Nov, 14:05`, of what is never far away. */
export function formatDateTime(at: number): string {
  return DATE_TIME.format(at);
}

/** `Today`, `Yesterday`, `Mon 16 Nov`, with the year when it is another one. */
export function formatDay(at: number, now = Date.now()): string {
  const day = new Date(at);
  const today = new Date(now);
  if (day.toDateString() === today.toDateString()) return capital(DISTANCE.format(0, 'day'));
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (day.toDateString() === yesterday.toDateString()) return capital(DISTANCE.format(-1, 'day'));
  return day.getFullYear() === today.getFullYear() ? DAY.format(at) : `${DAY.format(at)} ${YEAR.format(at)}`;
}

/** When something was, by its distance: `Yesterday 14:05`. */
export function formatMoment(at: number): string {
  return `${formatDay(at)} ${formatTime(at)}`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** JSON laid out to be read; anything else as it is. */
export function formatJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Ends what the core says, which leaves the full stop to whoever shows it. */
export function sentence(text: string): string {
  return text === '' || /[.?…]$/.test(text) ? text : `${text}.`;
}

const KEY_NAMES: Record<string, string> = {
  Backquote: '`',
  Backslash: '\\',
  BracketLeft: '[',
  BracketRight: ']',
  Comma: ',',
  Equal: '=',
  Minus: '-',
  Period: '.',
  Quote: "'",
  Semicolon: ';',
  Slash: '/',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
};

/** The name on the key of a `KeyboardEvent.code`: `Space`, `T`, `Right Ctrl`. */
export function keyName(code: string): string {
  const known = KEY_NAMES[code];
  if (known) return known;
  const sided = /^(Control|Shift|Alt|Meta)(Left|Right)$/.exec(code);
  if (sided) return `${sided[2]} ${sided[1] === 'Control' ? 'Ctrl' : sided[1]}`;
  return code.replace(/^(Key|Digit)/, '').replace(/^Numpad/, 'Num ');
}
