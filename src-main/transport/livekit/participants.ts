/** Who is in a room, as the SDK tells it. */
import { AGENT_ATTRIBUTE } from '../../../src-preload/room-protocol.ts';
import type { RoomParticipant } from '../../../src-preload/rooms-contract.ts';
import { ConnectionQuality, type Participant, ParticipantKind } from './sdk.ts';

/** By what the server says of it, or by what it says itself. */
export function isAgent({ kind, attributes }: Participant): boolean {
  return kind === ParticipantKind.AGENT || AGENT_ATTRIBUTE.state in attributes;
}

export function nameOf({ name, identity }: Participant): string {
  return name || identity;
}

const QUALITY: Readonly<Record<ConnectionQuality, RoomParticipant['connectionQuality']>> = {
  [ConnectionQuality.QUALITY_POOR]: 'poor',
  [ConnectionQuality.QUALITY_GOOD]: 'good',
  [ConnectionQuality.QUALITY_EXCELLENT]: 'excellent',
  [ConnectionQuality.QUALITY_LOST]: 'lost',
};

export function qualityName(quality: ConnectionQuality): RoomParticipant['connectionQuality'] {
  return QUALITY[quality] ?? 'unknown';
}
