/** Why a LiveKit server does not record a room, or not all of it. Squelch's own recording goes on in each case. */
import { TwirpError } from 'livekit-server-sdk';
import type { ServerRecording } from '../../conversation/events.ts';
import { Fault } from '../../fault.ts';
import { withoutToken } from '../../transport/livekit/without-token.ts';

const OWN = 'Squelch’s own recording goes on';

/** There is nobody to ask, or no key to ask with. */
export function notAskedFault(room: string, cause: Fault): Fault {
  const message = `The LiveKit server can’t be asked to record ${room}: ${cause.message}`;
  return new Fault('egress-not-asked', message, { hint: `${OWN}. ${cause.hint}`, cause });
}

/** @param thrown by the SDK */
export function notStartedFault(room: string, thrown: unknown): Fault {
  const said = withoutToken(thrown instanceof Error ? thrown.message : String(thrown));
  const cause = new Error(said);
  const make = (code: string, message: string, hint: string) =>
    new Fault(code, message, { hint: `${OWN}. ${hint}`, cause });
  if (!(thrown instanceof TwirpError)) {
    const hint = 'If the server began all the same, it ends when the room is empty.';
    return make('egress-unreachable', `The LiveKit server did not say that it records ${room}`, hint);
  }
  const { code, status } = thrown;
  if (said.includes('egress not connected') || code === 'unavailable') {
    const hint = 'Run LiveKit’s Egress service beside the server, or turn its recording off in Settings.';
    return make('egress-missing', 'The LiveKit server has no Egress that could record', hint);
  }
  if (status === 401 || status === 403) {
    const hint = 'The key needs the permission to record (roomRecord).';
    return make('egress-not-permitted', `The LiveKit server does not let this key record ${room}`, hint);
  }
  return make('egress-refused', `The LiveKit server does not record ${room}: ${said}`, 'Its own log says more.');
}

/** By itself, or without a file. */
export function endedEarlyFault({ room, status, error }: ServerRecording): Fault {
  const why = error ?? status;
  return new Fault('egress-ended', `The LiveKit server’s recording of ${room} did not end as it should: ${why}`, {
    hint: `${OWN}. The log of its Egress service says more.`,
  });
}

/** It was to end, and the server could not be told. */
export function leftRunningFault(room: string): Fault {
  return new Fault('egress-left-running', `The LiveKit server could not be told to end its recording of ${room}`, {
    hint: 'It ends by itself when the room is empty; what it has written stands on its storage.',
  });
}
