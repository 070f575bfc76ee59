/** Puts the window's parts together: the bridge of its host, the store, the sound, the hand. */
import type { PreloadApi } from '../src-preload/bridge.ts';
import { Capture } from './audio/capture.ts';
import { Playback } from './audio/playback.ts';
import { createBrowserBridge } from './bridge/browser.ts';
import { faultOf } from './bridge/command-error.ts';
import { createElectronBridge } from './bridge/electron.ts';
import { words } from './i18n/words.ts';
import type { Services } from './services.ts';
import { createWindowStore, type State, type Store } from './store.ts';
import { PushToTalk } from './talk/push-to-talk.ts';

declare global {
  interface Window {
    readonly squelchPreload?: PreloadApi;
  }
}

export async function start(): Promise<Services> {
  const bridge = window.squelchPreload
    ? createElectronBridge(window.squelchPreload)
    : createBrowserBridge(new URL('/ws', location.href.replace(/^http/, 'ws')).href);
  const store = createWindowStore(bridge);
  const ports = await bridge.openAudio();

  const capture: Capture = new Capture(ports.capture, {
    opened: (label, substituted) => setMicrophone(store, { label, substituted }),
    muted: (muted) => setMicrophone(store, { muted }),
    failed: (takeId, error) => {
      if (takeId === null) store.setState({ fault: error });
      else talk.captureFailed(takeId, error);
    },
  });
  const playback = new Playback(ports.playback, {
    blocked: (soundBlocked) => store.setState({ soundBlocked }),
    substituted: (outputSubstituted) => store.setState({ outputSubstituted }),
  });
  const talk = new PushToTalk({ bridge, store, capture, playback });
  talk.attach();
  bridge.onConnection((connected) => {
    // Without the core there is no reply either.
    if (connected) bridge.invoke('talk.takeOver', {}).catch(() => undefined);
  });

  store.subscribe((state, before) => {
    const audio = state.app?.settings.audio;
    const audioBefore = before.app?.settings.audio;
    if (audio && audio !== audioBefore) {
      capture.configure(audio);
      if (audio.outputDeviceId !== (audioBefore?.outputDeviceId ?? null)) void playback.setOutput(audio.outputDeviceId);
    }
    if (state.connected === false && before.connected) playback.reset();
    if (audio?.cues) playCues(state, before, playback);
  });
  bridge.on('clipboard.copy', ({ text }) => {
    navigator.clipboard.writeText(text).catch(() => store.setState({ fault: words.clipboard }));
  });
  // A gesture is what a browser waits for before a page may be heard.
  for (const type of ['pointerup', 'keyup']) {
    window.addEventListener(type, () => {
      if (store.getState().soundBlocked) void playback.wake();
    });
  }
  const services = { bridge, store, capture, playback, talk };
  followRooms(services);
  return services;
}

/** What a room needs is loaded when there is one. */
function followRooms(services: Services): void {
  const { store } = services;
  const enter = async () => {
    if (!store.getState().rooms?.room) return;
    try {
      const { enterRoom } = await import('./rooms/window-room.ts');
      await enterRoom(services);
    } catch (thrown) {
      store.setState({ fault: faultOf(thrown) });
    }
  };
  /** One room after the other: what the last one holds is let go first. */
  let inRoom = Promise.resolve();
  store.subscribe((state, before) => {
    if (state.rooms?.room && !before.rooms?.room) inRoom = inRoom.then(enter);
  });
}

function setMicrophone(store: Store, change: Partial<State['microphone']>): void {
  store.setState(({ microphone }) => ({ microphone: { ...microphone, ...change } }));
}

function playCues(state: State, before: State, playback: Playback): void {
  const closed = before.conversation.takeId !== null && state.conversation.takeId === null;
  if (closed && state.conversation.phase !== 'idle') void playback.cue('closed');
  const turn = state.turns.at(-1);
  if (turn?.outcome === 'failed' && before.turns.at(-1)?.id === turn.id && before.turns.at(-1)?.outcome === null) {
    void playback.cue('failed');
  }
}
