/** Apart from the other faults: who only tells of it need not load LiveKit's SDK. */
import { Fault } from '../../fault.ts';

/** The connection went away; we come back by ourselves. */
export function lostFault(url: string): Fault {
  return new Fault('room-connection-lost', `The connection to ${url} was lost`, {
    hint: 'Squelch comes back by itself; what was said meanwhile is kept.',
  });
}
