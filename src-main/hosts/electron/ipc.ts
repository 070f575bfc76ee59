/**
 * The contract over Electron's IPC. Every message must come from the main frame of the window, from exactly our
 * origin; anything else is answered by an error. The core parses every input by its schema.
 */
import {
  type BrowserWindow,
  type IpcMainInvokeEvent,
  ipcMain,
  MessageChannelMain,
  type MessagePortMain,
} from 'electron';
import type { CommandReply } from '../../../src-preload/contract.ts';
import type { App, WindowConnection } from '../../app.ts';
import { reportFault, toFault } from '../../fault.ts';
import { HeldKey } from './held-key.ts';
import { Wakefulness } from './wakefulness.ts';
import { WINDOW_ORIGIN } from './window-url.ts';

/** Names shared with src-preload/index.ts. */
const INVOKE = 'squelch:invoke';
const AUDIO = 'squelch:audio';
const EVENT = 'squelch:event';

export interface WindowLink {
  /** The key can no longer be watched: a turn that is being recorded ends and is kept. */
  loseKey(): void;
  close(): void;
}

/** Connects the window to the core for as long as each of its pages lives. */
export function linkWindow(app: App, window: BrowserWindow): WindowLink {
  const contents = window.webContents;
  const heldKey = new HeldKey();
  const wakefulness = new Wakefulness();
  let connection: WindowConnection | null = null;
  let ports: MessagePortMain[] = [];
  let playback: MessagePortMain | null = null;

  const disconnect = (): void => {
    for (const port of ports) port.close();
    ports = [];
    playback = null;
    connection?.close();
    connection = null;
    wakefulness.end();
  };

  const connect = (): WindowConnection => {
    connection ??= app.connect({
      event: (name, payload) => {
        heldKey.watch(name, payload);
        wakefulness.watch(name, payload);
        if (!contents.isDestroyed()) contents.send(EVENT, name, payload);
      },
      // The bytes are copied: ports of the main process can't transfer buffers.
      packet: (bytes) => playback?.postMessage(bytes),
    });
    return connection;
  };

  const check = (event: IpcMainInvokeEvent): void => {
    const frame = event.senderFrame;
    const trusted = event.sender === contents && frame !== null && frame === contents.mainFrame;
    if (!trusted || frame.origin !== WINDOW_ORIGIN) throw new Error('This frame may not talk to Squelch.');
  };

  ipcMain.handle(INVOKE, async (event, name: unknown, input: unknown): Promise<CommandReply> => {
    check(event);
    if (typeof name !== 'string') throw new Error('A command has a name.');
    try {
      return { output: await connect().invoke(name, input) };
    } catch (error) {
      return { fault: reportFault(toFault(error)) };
    }
  });

  ipcMain.handle(AUDIO, (event): void => {
    check(event);
    for (const port of ports) port.close();
    const forCapture = new MessageChannelMain();
    const forPlayback = new MessageChannelMain();
    ports = [forCapture.port1, forPlayback.port1];
    playback = forPlayback.port1;
    for (const port of ports) {
      port.on('message', ({ data }) => {
        if (data instanceof ArrayBuffer || data instanceof Uint8Array) connect().receive(data);
      });
      port.start();
    }
    event.senderFrame?.postMessage(AUDIO, null, [forCapture.port2, forPlayback.port2]);
  });

  // Not when a navigation starts: one that is refused, or turns into a download, leaves the page where it is.
  contents.on('did-navigate', disconnect);
  contents.on('render-process-gone', disconnect);
  contents.on('destroyed', disconnect);

  return {
    loseKey: () => {
      const release = heldKey.release();
      if (release) void connection?.invoke('talk.release', release).catch(() => {});
    },
    close: () => {
      ipcMain.removeHandler(INVOKE);
      ipcMain.removeHandler(AUDIO);
      disconnect();
    },
  };
}
