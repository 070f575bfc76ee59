/** What can go wrong between Squelch and a LiveKit server, in words that a person can act on. Never holds a token. */
import { Fault } from '../../fault.ts';
import { DisconnectReason } from './sdk.ts';
import { withoutToken } from './without-token.ts';

/** Why a room could not be joined. @param thrown by the SDK's `connect` */
export function connectFault(url: string, thrown: unknown): Fault {
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  const make = (code: string, message: string, hint: string) =>
    new Fault(code, message, { hint, cause: new Error(withoutToken(said)) });
  if (said.includes('token is expired')) {
    return make('room-token-expired', 'The token for this room has expired', 'Ask for a new link or token.');
  }
  if (said.includes('not valid yet')) {
    return make(
      'room-token-early',
      'The token for this room is not valid yet',
      'Check the clocks of this machine and of the one that made the token.',
    );
  }
  if (said.includes('permissions denied')) {
    return make(
      'room-not-permitted',
      'The token does not permit joining this room',
      'Ask for one with the grant roomJoin, for this room.',
    );
  }
  if (said.includes('401')) {
    return make(
      'room-token-rejected',
      `The server at ${url} does not know this key, or not with this secret`,
      'Check the API key and secret, and that the token was made for this server.',
    );
  }
  if (said.includes('handshake error: 500')) {
    return make(
      'room-full',
      'The server did not take us into the room: it is probably full',
      'Wait until somebody leaves, or raise the room’s limit; the server’s own log says more.',
    );
  }
  if (said.includes('handshake error')) {
    return make(
      'room-server-wrong',
      `What answers at ${url} is no LiveKit server`,
      'Check the address; a server on this machine is usually at ws://127.0.0.1:7880.',
    );
  }
  return make(
    'room-server-unreachable',
    `Nothing can be reached at ${url}`,
    'Check the address and the network, and that the server runs: `livekit-server --dev` starts one here.',
  );
}

/** Why a room was lost for good; null when it is worth coming back. */
export function farewellFault(reason: DisconnectReason): Fault | null {
  switch (reason) {
    case DisconnectReason.DUPLICATE_IDENTITY:
      return new Fault('room-identity-taken', 'Somebody else came into the room under the same identity', {
        hint: 'Every participant needs an identity of its own.',
      });
    case DisconnectReason.PARTICIPANT_REMOVED:
      return new Fault('room-removed', 'We were shown out of the room', { hint: 'Ask for a new invitation.' });
    case DisconnectReason.ROOM_DELETED:
    case DisconnectReason.ROOM_CLOSED:
      return new Fault('room-closed', 'The room was closed', { hint: 'Share or join again.' });
    default:
      return null;
  }
}
