/** The sandboxed bridge: it passes messages between the window and the core, and knows nothing of what they mean. */
import { contextBridge, ipcRenderer } from 'electron';
import type { PreloadApi } from './bridge.ts';
import type { EventName } from './contract.ts';

/** Names shared with src-main/hosts/electron/ipc.ts. */
const INVOKE = 'squelch:invoke';
const AUDIO = 'squelch:audio';
const EVENT = 'squelch:event';

const api: PreloadApi = {
  invoke: (name, input) => ipcRenderer.invoke(INVOKE, name, input),
  on: (listener) => {
    const forward = (_event: unknown, name: EventName, payload: unknown) => listener(name, payload);
    ipcRenderer.on(EVENT, forward);
    return () => ipcRenderer.off(EVENT, forward);
  },
  requestAudio: () => {
    // The bridge can't carry ports; a message to the window itself can.
    ipcRenderer.once(AUDIO, ({ ports }) => window.postMessage({ type: AUDIO }, window.location.origin, [...ports]));
    void ipcRenderer.invoke(AUDIO);
  },
};

contextBridge.exposeInMainWorld('squelchPreload', api);
