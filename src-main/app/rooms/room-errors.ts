/** What a caller of an RPC is told when it gets no turn. */
import { KEY_HELD, TURN_REFUSED } from '../../../src-preload/room-protocol.ts';
import { type Fault, reportFault } from '../../fault.ts';
import { RpcError } from '../../transport/livekit/sdk.ts';

/** Somebody else holds the key. */
export function heldError(name: string, identity: string): RpcError {
  return new RpcError(KEY_HELD, `${name} is speaking`, identity);
}

export function refusedError(fault: Fault): RpcError {
  return new RpcError(TURN_REFUSED, fault.message, JSON.stringify(reportFault(fault)));
}
