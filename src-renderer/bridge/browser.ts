/** The bridge in an ordinary browser: commands and events by way of the worker that owns the WebSocket. */
import type { Bridge } from '../../src-preload/bridge.ts';
import type { CommandReply } from '../../src-preload/contract.ts';
import { connectionLost, outputOf } from './command-error.ts';
import { Listeners } from './listeners.ts';
import type { SocketNews, SocketOrder } from './socket-worker.ts';
import SocketWorker from './socket-worker.ts?worker';

interface Pending {
  resolve(reply: CommandReply): void;
  reject(error: Error): void;
}

/** @param url of the host's WebSocket. */
export function createBrowserBridge(url: string): Bridge {
  const worker = new SocketWorker();
  const listeners = new Listeners();
  const watchers = new Set<(connected: boolean) => void>();
  const pending = new Map<number, Pending>();
  let connected: boolean | null = null;
  let nextId = 0;

  const order = (message: SocketOrder, transfer: Transferable[] = []) => worker.postMessage(message, transfer);

  worker.onmessage = ({ data }: MessageEvent<SocketNews>) => {
    if ('connected' in data) {
      connected = data.connected;
      if (!connected) {
        for (const { reject } of pending.values()) reject(connectionLost());
        pending.clear();
      }
      for (const watcher of watchers) watcher(data.connected);
    } else if ('event' in data.message) {
      listeners.emit(data.message.event, data.message.payload);
    } else {
      pending.get(data.message.id)?.resolve(data.message);
      pending.delete(data.message.id);
    }
  };
  order({ url });

  return {
    async invoke(name, input) {
      if (!connected) throw connectionLost();
      const id = nextId++;
      const reply = await new Promise<CommandReply>((resolve, reject) => {
        pending.set(id, { resolve, reject });
        order({ request: { id, name, input } });
      });
      return outputOf(reply) as never;
    },
    on: (name, listener) => listeners.on(name, listener),
    onConnection(watcher) {
      watchers.add(watcher);
      if (connected !== null) watcher(connected);
      return () => watchers.delete(watcher);
    },
    async openAudio() {
      const capture = new MessageChannel();
      const playback = new MessageChannel();
      order({ capture: capture.port2, playback: playback.port2 }, [capture.port2, playback.port2]);
      return { capture: capture.port1, playback: playback.port1 };
    },
  };
}
