/** The app core: put together here, once, from a home folder and its settings; driven by a host through the contract. */
import type { EventName, Track } from '../src-preload/contract.ts';
import type { SecretStore } from './settings/secrets.ts';

export interface AppOptions {
  /** The data folder; made if missing. */
  readonly home: string;
  readonly host: 'electron' | 'browser' | 'cli';
  readonly secrets: SecretStore;
  /** Read for OPENAI_API_KEY and OPENAI_BASE_URL. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The core's way to one window. */
export interface WindowEnd {
  event(name: EventName, payload: unknown): void;
  /** One audio packet (src-preload/audio-packet.ts). */
  packet(bytes: ArrayBuffer): void;
}

/** One window's way to the core. */
export interface WindowConnection {
  /** Runs a command of the contract. @throws Fault, also for unknown names and input that does not fit. */
  invoke(name: string, input: unknown): Promise<unknown>;
  /** Takes one audio packet; malformed ones are counted and dropped. */
  receive(bytes: ArrayBuffer | Uint8Array): void;
  /** The window is gone: a turn it was recording ends and is kept. */
  close(): void;
}

export interface App {
  connect(end: WindowEnd): WindowConnection;
  /** Path of a turn's WAV file; null when there is none. */
  recording(turnId: string, track: Track): string | null;
  close(): Promise<void>;
}

/** @throws Fault when the home folder, the log or the weights can't be used. */
export async function createApp(_options: AppOptions): Promise<App> {
  throw new Error('under construction');
}
