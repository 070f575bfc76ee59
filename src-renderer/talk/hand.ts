/** The hand on the talk key: the keyboard, the pointer, and the loss of both. */
import { isKeyAlone } from './talk-key-press.ts';

const KEEPS_ITS_KEYS = 'input, textarea, select, button, a[href], summary, audio, [contenteditable], [role=slider]';
const TALK_KEY = '[data-talk-key]';

/** macOS does not tell of keys that come up while Command is down. */
const LOSES_KEYS_TO_META = /^Mac/.test(navigator.platform);

/** What holds: a key, or a pointer by its id. */
export type Finger = 'key' | number;

/** `at` is when it happened, as an event's `timeStamp`. */
export interface HandListener {
  /** `KeyboardEvent.code` of the key to hold; null while none is known. */
  talkKey(): string | null;
  /** Whether the screen that is shown is one to talk on. */
  listens(): boolean;
  press(by: Finger, at: number): void;
  /** @returns whether it was this finger that held. */
  release(by: Finger, at: number): boolean;
  /** Whether the finger is still there can't be told any more. */
  lose(at: number): void;
  /** @returns whether there was anything to stop. */
  escape(at: number): boolean;
}

/**
 * Listens on the window, in the capture phase: a key that comes up ends the turn wherever the focus is by then.
 * @returns stops listening
 */
export function attachHand(listener: HandListener): () => void {
  const detached = new AbortController();
  const { signal } = detached;
  const first = { capture: true, signal };
  window.addEventListener('keydown', (event) => keyDown(event, listener), first);
  window.addEventListener(
    'keyup',
    (event) => {
      const over = event.code === listener.talkKey() || (event.key === 'Meta' && LOSES_KEYS_TO_META);
      if (over && listener.release('key', event.timeStamp)) event.preventDefault();
    },
    first,
  );
  for (const type of ['pointerup', 'pointercancel'] as const) {
    window.addEventListener(type, (event) => listener.release(event.pointerId, event.timeStamp), first);
  }
  window.addEventListener('click', (event) => clicked(event, listener), { signal });
  window.addEventListener(
    'blur',
    (event) => {
      if (event.target === window) listener.lose(event.timeStamp);
    },
    { signal },
  );
  window.addEventListener('pagehide', (event) => listener.lose(event.timeStamp), { signal });
  document.addEventListener(
    'visibilitychange',
    (event) => {
      if (document.visibilityState === 'hidden') listener.lose(event.timeStamp);
    },
    { signal },
  );
  return () => detached.abort();
}

function keyDown(event: KeyboardEvent, listener: HandListener): void {
  const talkKey = listener.talkKey();
  if (talkKey === null || event.isComposing || isDialogOpen()) return;
  if (event.code === 'Escape') {
    if (!isEditable(event.target) && listener.escape(event.timeStamp)) event.preventDefault();
    return;
  }
  if (event.code !== talkKey || !listener.listens() || !isFreeToTalk(event.target)) return;
  // Also for repeats: Space would scroll the page or click the key.
  if (!event.ctrlKey && !event.metaKey && !event.altKey) event.preventDefault();
  if (isKeyAlone(event, talkKey)) listener.press('key', event.timeStamp);
}

/** A pointer leaves no focus on a button behind: the talk key pressed next is meant to talk, not to click it again. */
function clicked({ detail, target }: MouseEvent, listener: HandListener): void {
  const byPointer = detail > 0;
  if (!byPointer || !listener.listens() || !(target instanceof Element)) return;
  if (!target.closest('button, summary')) return;
  const leave = () => document.getElementById('content')?.focus({ preventScroll: true });
  // A dialog that it has opened gives the focus back to it.
  const dialog = document.querySelector('dialog[open]');
  if (dialog) dialog.addEventListener('close', leave, { once: true });
  else leave();
}

/** What is asked in it comes first, and Esc closes it. */
function isDialogOpen(): boolean {
  return document.querySelector('dialog[open]') !== null;
}

function isEditable(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}

function isFreeToTalk(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return true;
  return target.closest(TALK_KEY) !== null || target.closest(KEEPS_ITS_KEYS) === null;
}
