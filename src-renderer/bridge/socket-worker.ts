/**
 * Owns the WebSocket to the browser host, off the window's thread: audio packets go between the socket and the
 * worklets' ports without it, so that a busy page neither delays nor drops sound. Reconnects for as long as it lives.
 */
import type { SocketMessage, SocketRequest } from '../../src-preload/contract.ts';

export type SocketOrder =
  | { readonly url: string }
  | { readonly capture: MessagePort; readonly playback: MessagePort }
  | { readonly request: SocketRequest };

export type SocketNews = { readonly connected: boolean } | { readonly message: SocketMessage };

const RETRY_FIRST_MS = 250;
const RETRY_MOST_MS = 4_000;

let socket: WebSocket | null = null;
let playback: MessagePort | null = null;
let retryMs = RETRY_FIRST_MS;

function tell(news: SocketNews): void {
  postMessage(news);
}

function send(data: string | ArrayBuffer): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(data);
}

function connect(url: string): void {
  socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    retryMs = RETRY_FIRST_MS;
    tell({ connected: true });
  };
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (typeof data === 'string') tell({ message: JSON.parse(data) });
    else playback?.postMessage(data, [data]);
  };
  socket.onclose = () => {
    socket = null;
    tell({ connected: false });
    setTimeout(() => connect(url), retryMs);
    retryMs = Math.min(RETRY_MOST_MS, retryMs * 2);
  };
}

self.addEventListener('message', ({ data }: MessageEvent<SocketOrder>) => {
  if ('url' in data) {
    connect(data.url);
  } else if ('request' in data) {
    send(JSON.stringify(data.request));
  } else {
    playback = data.playback;
    const forward = ({ data: packet }: MessageEvent<ArrayBuffer>) => send(packet);
    data.capture.onmessage = forward;
    data.playback.onmessage = forward;
  }
});
