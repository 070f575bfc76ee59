/** The WebSocket of one window: the contract's commands and events as text, sound as binary, nothing unbounded. */
import type { WebSocket } from 'ws';
import { type SocketMessage, type SocketRequest, socketRequestSchema } from '../../../src-preload/contract.ts';
import type { App } from '../../app.ts';
import { Fault, reportFault, toFault } from '../../fault.ts';

/** Largest message taken: the longest text that may be sent, escaped, with room to spare. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;
/** Commands of one window under way at a time. */
const MAX_COMMANDS = 64;
/** What may wait for a window that does not read: ten minutes of sound. It reconnects and asks for the state anew. */
const MAX_BUFFERED_BYTES = 32 * 1024 * 1024;

/** Close codes of RFC 6455, section 7.4.1. */
const GOING_AWAY = 1001;
const INVALID_DATA = 1007;

/** Connects a window to the core for as long as its socket is open. */
export function connectSocket(app: App, socket: WebSocket): void {
  let commands = 0;

  const send = (data: string | ArrayBuffer): void => {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) socket.terminate();
    else socket.send(data);
  };
  const sendMessage = (message: SocketMessage): void => send(JSON.stringify(message));

  const connection = app.connect({
    event: (event, payload) => sendMessage({ event, payload }),
    packet: (bytes) => send(bytes),
  });

  const answer = async ({ id, name, input }: SocketRequest): Promise<void> => {
    try {
      if (commands >= MAX_COMMANDS) {
        throw new Fault('too-many-commands', 'Too many commands are under way.', { hint: 'Wait for some to finish.' });
      }
      commands += 1;
      try {
        sendMessage({ id, output: await connection.invoke(name, input) });
      } finally {
        commands -= 1;
      }
    } catch (error) {
      sendMessage({ id, fault: reportFault(toFault(error)) });
    }
  };

  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) {
      connection.receive(data);
      return;
    }
    const request = parseRequest(data.toString('utf8'));
    if (request) void answer(request);
    else socket.close(INVALID_DATA, 'not a request of the contract');
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => connection.close());
}

/** Tells the window that the host stops. */
export function dismissSocket(socket: WebSocket): void {
  socket.close(GOING_AWAY, 'Squelch stops');
}

function parseRequest(text: string): SocketRequest | null {
  try {
    return socketRequestSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
