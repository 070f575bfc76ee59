/** What the talk key shows and says, from what the core says the turn is doing. */
import { words } from '../i18n/words.ts';
import type { State } from '../store.ts';

/** `locked` is recording without a held key; `offline` is a core that can't be reached. */
export type KeyMode =
  | 'offline'
  | 'idle'
  | 'arming'
  | 'recording'
  | 'locked'
  | 'finishing'
  | 'transcribing'
  | 'thinking'
  | 'speaking';

const BETWEEN = '\u2002·\u2002';

export interface KeyFace {
  readonly mode: KeyMode;
  readonly label: string;
  readonly hint: string;
}

export function keyMode({ connected, conversation }: Pick<State, 'connected' | 'conversation'>): KeyMode {
  if (!connected) return 'offline';
  if (conversation.phase === 'recording' && conversation.locked) return 'locked';
  return conversation.phase;
}

/** @param key the talk key's name. */
export function keyFace(mode: KeyMode, key: string, confirmDiscardMs: number | null): KeyFace {
  const { hints } = words.key;
  const usual: Record<KeyMode, string> = {
    offline: '',
    idle: hints.handsFree,
    arming: '',
    recording: `${hints.recording}${BETWEEN}${hints.discard}`,
    locked: `${hints.locked(key)}${BETWEEN}${hints.discard}`,
    finishing: '',
    transcribing: hints.cancel,
    thinking: hints.cancel,
    speaking: `${hints.interrupt}${BETWEEN}${hints.stop}`,
  };
  return {
    mode,
    label: words.key[mode],
    hint: confirmDiscardMs === null ? usual[mode] : hints.confirm(confirmDiscardMs),
  };
}

/** Amber: sound is on its way to the core. */
export function isLive(mode: KeyMode): boolean {
  return mode === 'recording' || mode === 'locked' || mode === 'finishing';
}
