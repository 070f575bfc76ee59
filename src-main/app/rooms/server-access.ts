/** The LiveKit server that rooms are made on. Key and secret never leave the core. */
import { z } from 'zod';
import type { RoomsView } from '../../../src-preload/rooms-contract.ts';
import type { Settings } from '../../../src-preload/settings.ts';
import { Fault } from '../../fault.ts';
import type { SecretStore } from '../../settings/secrets.ts';

const credentialsSchema = z.strictObject({ apiKey: z.string(), apiSecret: z.string() });
export type Credentials = z.infer<typeof credentialsSchema>;

export interface ServerAccess extends Credentials {
  readonly url: string;
}

export interface ServerSources {
  readonly settings: Pick<Settings, 'rooms'>;
  readonly secrets: SecretStore;
  /** Read for LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Where rooms are made and with whose key, as far as it may be shown. */
export async function serverStatus(sources: ServerSources): Promise<RoomsView['server']> {
  const stored = await storedCredentials(sources.secrets);
  const fromEnvironment = environmentCredentials(sources) !== null;
  const kept = sources.secrets.persistent ? 'stored' : 'session';
  return { url: serverUrl(sources), credentials: stored ? kept : fromEnvironment ? 'environment' : 'none' };
}

/** @throws Fault when the server or its key is not known */
export async function serverAccess(sources: ServerSources): Promise<ServerAccess> {
  const url = serverAddress(sources);
  const credentials = (await storedCredentials(sources.secrets)) ?? environmentCredentials(sources);
  if (credentials === null) {
    throw new Fault('room-key-missing', `No key for ${url} is known`, {
      hint: 'Enter its key and secret in Settings, or set LIVEKIT_API_KEY and LIVEKIT_API_SECRET.',
    });
  }
  return { url, ...credentials };
}

/** @throws Fault when it is not known */
export function serverAddress(sources: ServerSources): string {
  const url = serverUrl(sources);
  if (url !== null) return url;
  throw new Fault('room-server-unknown', 'No LiveKit server is known', {
    hint: 'Enter its address in Settings, or set LIVEKIT_URL. On this machine `livekit-server --dev` starts one.',
  });
}

export async function keepCredentials(secrets: SecretStore, credentials: Credentials | null): Promise<void> {
  await secrets.set('livekit', credentials && JSON.stringify(credentials));
}

function serverUrl({ settings, environment }: ServerSources): string | null {
  return settings.rooms.url ?? (environment.LIVEKIT_URL || null);
}

async function storedCredentials(secrets: SecretStore): Promise<Credentials | null> {
  const stored = await secrets.get('livekit');
  return stored === null ? null : credentialsSchema.parse(JSON.parse(stored));
}

/** A key meant for one server is not shown to another. */
function environmentCredentials({ settings, environment }: ServerSources): Credentials | null {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret } = environment;
  if (!apiKey || !apiSecret) return null;
  const own = settings.rooms.url === null || !url || settings.rooms.url === url;
  return own ? { apiKey, apiSecret } : null;
}
