/** What the commands about prices do. */
import type { CommandOutput } from '../../src-preload/contract.ts';
import type { PriceKeyView, pricesCommands } from '../../src-preload/prices-contract.ts';
import { pricesPath } from '../audit/cost/price-table.ts';
import type { PriceKey } from '../audit/cost/prices.ts';
import type { Core } from './core.ts';
import type { Handlers } from './handler.ts';

export function priceHandlers(core: Core): Pick<Handlers, keyof typeof pricesCommands> {
  const { prices } = core;
  const list = (): CommandOutput<'prices.list'> => ({
    file: pricesPath(core.app.home),
    problem: prices.problem,
    prices: [...prices.table.prices],
  });
  return {
    'prices.list': () => {
      prices.reload();
      return list();
    },
    'prices.set': ({ price, replaced }) => {
      prices.set(given(price), replaced ? keyIn(replaced) : undefined);
      return list();
    },
    'prices.remove': (key) => {
      prices.remove(keyIn(key));
      return list();
    },
  };
}

function keyIn({ server, model, from }: PriceKeyView): PriceKey {
  return given({ server, model, from });
}

/** In the file, what a price does not have is left out. */
function given<T extends object>(row: T): { [K in keyof T]: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== '')) as never;
}
