/**
 * The shortcuts of the whole window. A browser keeps Ctrl+1 and Ctrl+N to itself, so Alt works everywhere and is
 * the one named there; in the app Ctrl (Cmd on a Mac) is.
 */
import type { AppView } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import type { Services } from '../services.ts';
import type { Screen } from '../store.ts';

const SCREEN_KEYS: Record<string, Screen> = {
  Digit1: 'talk',
  Digit2: 'history',
  Digit3: 'agents',
  Digit4: 'lab',
  Digit5: 'settings',
  Comma: 'settings',
};

export function attachShortcuts(services: Services): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.repeat || (event.ctrlKey || event.metaKey) === event.altKey) return;
    if (document.querySelector('dialog[open]')) return;
    const screen = event.shiftKey ? undefined : SCREEN_KEYS[event.code];
    if (screen) services.store.setState({ screen });
    else if (event.code === 'KeyN') newConversation(services, { isPrivate: event.shiftKey });
    else return;
    event.preventDefault();
  };
  window.addEventListener('keydown', onKeyDown);
  return () => window.removeEventListener('keydown', onKeyDown);
}

/** @param isPrivate nothing of it is kept */
export function newConversation({ bridge, playback, store }: Services, { isPrivate = false } = {}): void {
  playback.stop();
  bridge
    .invoke('conversation.new', { private: isPrivate })
    .then(() => store.setState({ screen: 'talk', fault: null }))
    .catch((thrown) => store.setState({ screen: 'talk', fault: faultOf(thrown) }));
}

export function shortcutText(key: string, host: AppView['host'] | undefined, platform: string | undefined): string {
  const mac = platform === 'darwin';
  if (host === 'electron') return mac ? `⌘${key}` : `Ctrl+${key}`;
  return mac ? `⌥${key}` : `Alt+${key}`;
}
