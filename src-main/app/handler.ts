/** What carries out a command of the contract. */
import type { CommandName, CommandOutput, CommandRequest } from '../../src-preload/contract.ts';
import type { LocalTransport } from '../transport/local.ts';

/** @param transport of the window that asks: a turn that it starts is heard there. */
type Handler<N extends CommandName> = (
  input: CommandRequest<N>,
  transport: LocalTransport,
) => CommandOutput<N> | Promise<CommandOutput<N>>;

export type Handlers = { readonly [N in CommandName]: Handler<N> };
