/** What the commands of the VAD Lab do. */
import { vadLabCommands } from '../../../src-preload/vad-lab-contract.ts';
import { Fault } from '../../fault.ts';
import type { Handlers } from '../handlers.ts';

type VadLabHandlers = Pick<Handlers, keyof typeof vadLabCommands>;

export function vadLabHandlers(): VadLabHandlers {
  const refuse = () => {
    throw new Fault('command-unfinished', 'The VAD Lab can’t do this yet', { hint: 'Use `squelch vad`.' });
  };
  return Object.fromEntries(Object.keys(vadLabCommands).map((name) => [name, refuse])) as unknown as VadLabHandlers;
}
