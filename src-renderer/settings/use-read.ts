/** What a command answers that asks for nothing in particular, read when it is first shown, and again on demand. */
import { useCallback, useEffect, useState } from 'react';
import type { CommandInput, CommandOutput, FaultView } from '../../src-preload/contract.ts';
import { faultOf } from '../bridge/command-error.ts';
import { useServices } from '../services.ts';
import { useLatest } from '../ui/latest.ts';

type Command = 'anchors.list' | 'backups.list' | 'prices.list';

interface Read<C extends Command> {
  /** null until the first answer. */
  readonly found: CommandOutput<C> | null;
  readonly fault: FaultView | null;
  /** @param found what is known already; without it, it is read anew */
  read(found?: CommandOutput<C>): void;
}

/** @param of another one is another reason to read */
export function useRead<C extends Command>(command: C, of: unknown = null): Read<C> {
  const { bridge } = useServices();
  const [found, setFound] = useState<CommandOutput<C> | null>(null);
  const [fault, setFault] = useState<FaultView | null>(null);
  const ask = useLatest();
  const read = useCallback(
    (known?: CommandOutput<C>) => {
      const isLatest = ask();
      if (known) return setFound(known);
      bridge
        .invoke(command, {} as CommandInput<C>)
        .then((answer) => {
          if (!isLatest()) return;
          setFound(answer);
          setFault(null);
        })
        .catch((thrown) => isLatest() && setFault(faultOf(thrown)));
    },
    [ask, bridge, command],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: of another it is read anew
  useEffect(() => read(), [read, of]);
  return { found, fault, read };
}
