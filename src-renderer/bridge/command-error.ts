/** A command that the core refused or could not be given: what happened, and what to do. */
import type { CommandReply, FaultView } from '../../src-preload/contract.ts';
import { words } from '../i18n/words.ts';

export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly fault: FaultView;

  constructor(fault: FaultView) {
    super(fault.message);
    this.fault = fault;
  }
}

/** @throws CommandError */
export function outputOf(reply: CommandReply): unknown {
  if ('fault' in reply) throw new CommandError(reply.fault);
  return reply.output;
}

export function connectionLost(): CommandError {
  return new CommandError({ stage: null, code: 'connection-lost', ...words.connection });
}

/** The fault in anything a command was rejected with. */
export function faultOf(thrown: unknown): FaultView {
  if (thrown instanceof CommandError) return thrown.fault;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { stage: null, code: 'unexpected', message, hint: words.unexpectedHint };
}
