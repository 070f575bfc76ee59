/** Why words or sound of a turn are missing, in a line. */
import type { TurnView } from '../../../src-preload/contract.ts';
import { localDateTime } from './times.ts';

const PARTS = { text: 'The words were', audio: 'The sound was', all: 'Words and sound were' } as const;

export function redactionLine({ at, part, reason }: TurnView['redactions'][number]): string {
  return `${PARTS[part]} erased ${localDateTime(at)}: ${reason}`;
}
