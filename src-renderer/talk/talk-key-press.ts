/** Which key presses mean "talk": the chosen key, newly pressed, alone, and meant for nothing else on the screen. */

export interface KeyPress {
  readonly code: string;
  readonly repeat: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

export function isKeyAlone(event: KeyPress, talkKey: string): boolean {
  if (event.code !== talkKey || event.repeat) return false;
  // A modifier that is itself the talk key is down, of course.
  return (
    (!event.ctrlKey || talkKey.startsWith('Control')) &&
    (!event.altKey || talkKey.startsWith('Alt')) &&
    (!event.metaKey || talkKey.startsWith('Meta')) &&
    (!event.shiftKey || talkKey.startsWith('Shift'))
  );
}
