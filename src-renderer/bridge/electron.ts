/** The bridge in Electron's window: the preload's three functions, and a window message that brings the ports. */
import type { AudioPorts, Bridge, PreloadApi } from '../../src-preload/bridge.ts';
import { connectionLost, outputOf } from './command-error.ts';
import { Listeners } from './listeners.ts';

export function createElectronBridge(preload: PreloadApi): Bridge {
  const listeners = new Listeners();
  preload.on((name, payload) => listeners.emit(name, payload));

  return {
    async invoke(name, input) {
      const reply = await preload.invoke(name, input).catch(() => {
        throw connectionLost();
      });
      return outputOf(reply) as never;
    },
    on: (name, listener) => listeners.on(name, listener),
    // The core lives as long as the window.
    onConnection(listener) {
      queueMicrotask(() => listener(true));
      return () => undefined;
    },
    openAudio() {
      return new Promise<AudioPorts>((resolve) => {
        const receive = (event: MessageEvent) => {
          const [capture, playback] = event.ports;
          if (event.source !== window || event.data?.type !== 'squelch:audio' || !capture || !playback) return;
          window.removeEventListener('message', receive);
          resolve({ capture, playback });
        };
        window.addEventListener('message', receive);
        preload.requestAudio();
      });
    },
  };
}
