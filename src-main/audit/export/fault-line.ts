/** What went wrong and ended no turn, in a line. */
import type { PlacedFault } from './exported.ts';
import { clock } from './times.ts';

const PLACES: Readonly<Record<PlacedFault['source'], string>> = {
  session: 'Trouble',
  room: 'Trouble in the room',
  tools: 'Trouble with tools',
};

/** `Trouble in the room` */
export function troubleAt({ source }: PlacedFault): string {
  return PLACES[source];
}

/** `0:01:12 The connection was lost (HTTP 502). Wait.` */
export function faultLine({ placeMs, message, cause, hint }: PlacedFault): string {
  const told = cause && !message.includes(cause) ? `${message.replace(/\.$/, '')} (${cause})` : message;
  return [clock(placeMs), sentence(told), sentence(hint)].filter((part) => part !== '').join(' ');
}

function sentence(text: string): string {
  return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
}
