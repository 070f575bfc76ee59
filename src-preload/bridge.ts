/** How the window reaches the core, whichever host it runs in. */
import type { CommandInput, CommandName, CommandOutput, CommandReply, EventName, EventPayload } from './contract.ts';

export interface Bridge {
  /** Rejects with a `CommandError` (src-renderer/bridge) that carries the fault. */
  invoke<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>>;
  /** @returns stops listening. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  /** Called with `false` when the core can't be reached and `true` when it can again. @returns stops listening. */
  onConnection(listener: (connected: boolean) => void): () => void;
  /** Two ends for sound; call once. */
  openAudio(): Promise<AudioPorts>;
}

/**
 * To be handed to the worklets, so that packets bypass the window's thread. Each message is one packet's
 * ArrayBuffer: `capture` takes capture packets; `playback` brings play, end and stop, takes heard and done.
 */
export interface AudioPorts {
  readonly capture: MessagePort;
  readonly playback: MessagePort;
}

/** What Electron's preload puts on `window` as `squelchPreload`. */
export interface PreloadApi {
  invoke(name: string, input: unknown): Promise<CommandReply>;
  on(listener: (name: EventName, payload: unknown) => void): () => void;
  /** The ports arrive as a window message `{ type: 'squelch:audio' }` with ports `[capture, playback]`. */
  requestAudio(): void;
}
