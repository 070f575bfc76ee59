/** What goes wrong in a room with an agent of ours, and what a caller of an RPC is told when it gets no turn. */
import { KEY_HELD, TURN_REFUSED } from '../../../src-preload/room-protocol.ts';
import { Fault, reportFault } from '../../fault.ts';
import { RpcError } from '../../transport/livekit/sdk.ts';

/** Somebody else holds the key. */
export function heldError(name: string, identity: string): RpcError {
  return new RpcError(KEY_HELD, `${name} is speaking`, identity);
}

export function refusedError(fault: Fault): RpcError {
  return new RpcError(TURN_REFUSED, fault.message, JSON.stringify(reportFault(fault)));
}

/** Somebody whose invitation is over. */
export function notAdmittedFault(): Fault {
  return new Fault('room-not-admitted', 'You may not speak here', { hint: 'Ask for a new invitation.' });
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
