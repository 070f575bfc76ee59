/** What goes wrong in a room with an agent of ours, and what a caller of an RPC is told when it gets no turn. */
import { KEY_HELD, TURN_REFUSED } from '../../../src-preload/room-protocol.ts';
import { Fault, reportFault } from '../../fault.ts';
import { RpcError } from '../../transport/livekit/sdk.ts';
import type { HoldLimits } from './holder-watch.ts';

/** Somebody else holds the key. */
export function heldError(name: string, identity: string): RpcError {
  return new RpcError(KEY_HELD, `${name} is speaking`, identity);
}

export function refusedError(fault: Fault): RpcError {
  // What it came of is this machine's own business.
  const { cause: _, ...told } = reportFault(fault);
  return new RpcError(TURN_REFUSED, fault.message, JSON.stringify(told));
}

/** Somebody whose invitation is over. */
export function notAdmittedFault(): Fault {
  return new Fault('room-not-admitted', 'You may not speak here', { hint: 'Ask for a new invitation.' });
}

/** For the log: the one who pressed was told, and nobody else needs to know. */
export function keyHeldFault(name: string, holder: string): Fault {
  return new Fault('room-key-held', `${name} pressed the key while ${holder} was speaking`, {
    hint: 'In Settings people can be let wait in line.',
  });
}

export function heldTooLongFault(name: string, limit: keyof HoldLimits, { [limit]: ms }: HoldLimits): Fault {
  const message =
    limit === 'silentMs'
      ? `${name} held the key for ${ms / 1000} s without speaking`
      : `${name} held the key for ${ms / 60_000} minutes`;
  return new Fault('room-key-taken-back', message, {
    hint: 'The key is free again; what was said is kept and answered.',
  });
}

/** A chat stream that broke off, or is no text. */
export function brokenMessageFault(name: string, cause: unknown): Fault {
  return new Fault('room-message-broken', `A message of ${name} did not arrive whole`, {
    hint: 'Ask them to write it again.',
    cause,
  });
}

export function secondAgentFault(name: string): Fault {
  return new Fault('room-second-agent', `Another agent, ${name}, is in the room too`, {
    hint: 'Each answers whoever calls it; ask one of them to leave.',
  });
}

export function speakerLeftFault(name: string): Fault {
  return new Fault('room-speaker-left', `${name} left the room while speaking`, {
    hint: 'What was said until then is kept and answered.',
  });
}
