/** Numbers, times and keys as they are read. Durations come in milliseconds, money in US dollars. */

/** `0.84 s`, `12.3 s`, `2:05`. */
export function formatSeconds(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  return formatClock(ms);
}

/** `0:04`, `12:30`, `1:02:03`. */
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

/** Two figures that matter: `$0.00042`, `$0.013`, `$1.20`. */
export function formatCost(dollars: number): string {
  if (dollars === 0) return '$0';
  if (dollars < 0.000001) return '<$0.000001';
  if (dollars >= 0.1) return `$${dollars.toFixed(2)}`;
  const decimals = 1 - Math.floor(Math.log10(dollars));
  return `$${dollars.toFixed(decimals)}`;
}

/** Made once: it is asked with every movement of a slider. */
const COUNT = new Intl.NumberFormat('en');

export function formatCount(count: number): string {
  return COUNT.format(count);
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
  return `${unit > 0 && value < 99.95 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
}

export function formatTime(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

/** `27 Nov, 14:05`. */
export function formatDateTime(at: number): string {
  const day = new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return `${day}, ${formatTime(at)}`;
}

/** `Today`, `Yesterday`, `Mon 16 Nov`, with the year when it is another one. */
export function formatDay(at: number, now: number): string {
  const day = new Date(at);
  const today = new Date(now);
  if (day.toDateString() === today.toDateString()) return 'Today';
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (day.toDateString() === yesterday.toDateString()) return 'Yesterday';
  const date = `${day.toLocaleDateString('en-GB', { weekday: 'short' })} ${day.getDate()} ${day.toLocaleDateString('en-GB', { month: 'short' })}`;
  return day.getFullYear() === today.getFullYear() ? date : `${date} ${day.getFullYear()}`;
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
