/** Tokens for a LiveKit server, made with its key. Import it late: LiveKit's library takes its time. */
import { AccessToken, type AccessTokenOptions } from 'livekit-server-sdk';
import type { Credentials } from './server-access.ts';

/** A token is for one attempt to connect; connected, the server renews it. */
export const CONNECT_TTL_SECONDS = 600;

export interface TokenOptions extends AccessTokenOptions {
  readonly room: string;
  readonly identity: string;
  readonly name: string;
  /** Seconds. */
  readonly ttl: number;
  /** Told apart from people by LiveKit's own components. */
  readonly agent?: boolean;
}

/** @returns a token that lets its bearer join one room */
export function mintToken({ apiKey, apiSecret }: Credentials, options: TokenOptions): Promise<string> {
  const { room, agent = false, ...bearer } = options;
  const token = new AccessToken(apiKey, apiSecret, bearer);
  token.addGrant({
    room,
    roomJoin: true,
    canPublish: true,
    canSubscribe: true,
    canPublishData: true,
    // An agent says of itself what it is doing.
    canUpdateOwnMetadata: agent,
  });
  if (agent) token.kind = 'agent';
  return token.toJwt();
}
