/** The Test button of the LiveKit server: asks it something that only the key's owner may ask. */
import { RoomServiceClient, TwirpError } from 'livekit-server-sdk';
import { Fault } from '../../fault.ts';
import type { ServerAccess } from './server-access.ts';

const TIMEOUT_SECONDS = 10;

/** @returns what it said, in a sentence. @throws Fault */
export async function testServer({ url, apiKey, apiSecret }: ServerAccess): Promise<string> {
  const service = new RoomServiceClient(url.replace(/^ws/, 'http'), apiKey, apiSecret, {
    requestTimeout: TIMEOUT_SECONDS,
  });
  try {
    const { length } = await service.listRooms();
    return length === 0 ? 'No room is open there' : `${length} ${length === 1 ? 'room is' : 'rooms are'} open there`;
  } catch (cause) {
    throw serverFault(url, cause);
  }
}

function serverFault(url: string, cause: unknown): Fault {
  if (!(cause instanceof TwirpError)) {
    const hint = 'Check the address, and that the server runs and can be reached from here.';
    return new Fault('room-server-unreachable', `Nothing answers at ${url}`, { hint, cause });
  }
  if (cause.status === 401 || cause.status === 403) {
    const hint = 'Check both; they belong together, and to this server.';
    return new Fault('room-key-rejected', 'The server does not accept this key and secret', { hint, cause });
  }
  const hint = 'Check the address; a server on this machine is usually at ws://127.0.0.1:7880.';
  return new Fault('room-server-wrong', `What answers at ${url} is no LiveKit server`, { hint, cause });
}
