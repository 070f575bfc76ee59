/**
 * The prices in force while Squelch runs, and changes to the user's own. Each change is made in the file as it stands now:
 * what else is in it, written by hand meanwhile too, stays as it is.
 */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { Fault } from '../../fault.ts';
import { type Price, priceSchema } from './price.ts';
import { keyOf, loadPrices, type PriceTable, pricesPath, readPrices } from './price-table.ts';
import { SHIPPED_PRICES } from './shipped-prices.ts';

/** Which row: a model has one without a day, and one for each day. */
export type PriceKey = Pick<Price, 'server' | 'model' | 'from'>;

export interface Prices {
  /** Always those in force. */
  readonly table: PriceTable;
  /** Why the user's own are not in force; null when they are, or there are none. */
  readonly problem: string | null;
  /** Reads the file anew. */
  reload(): void;
  /**
   * Adds a row of the user's own. The first one of a model that Squelch has a price for brings that along if it holds
   * from some day on: what was used before costs what it did.
   * @param replaced the row whose place it takes, if it is not that of the same day. @throws Fault `price-invalid`,
   *   `price-unknown`, `prices-unusable`, `prices-not-saved`
   */
  set(price: Price, replaced?: PriceKey): void;
  /** @throws Fault `price-unknown`, `prices-unusable`, `prices-not-saved` */
  remove(key: PriceKey): void;
}

export function openPrices(home: string): Prices {
  const path = pricesPath(home);
  let loaded = loadPrices(home);
  const reload = () => {
    loaded = loadPrices(home);
  };
  const change = (edit: (rows: Price[]) => Price[]) => {
    save(path, edit(ownRows(path)));
    reload();
  };
  return {
    table: {
      costOf: (...use) => loaded.table.costOf(...use),
      get prices() {
        return loaded.table.prices;
      },
    },
    get problem() {
      return loaded.problem;
    },
    reload,
    set(price, replaced = price) {
      refuseUseless(price);
      change((rows) => {
        const place = rows.findIndex((row) => isSame(row, replaced));
        if (place < 0 && !isSame(replaced, price)) refuseUnknown(replaced);
        const others = rows.filter((row, index) => index !== place && !isSame(row, price));
        const first = !rows.some((row) => keyOf(row) === keyOf(price));
        const shipped = first && price.from ? SHIPPED_PRICES.filter((row) => keyOf(row) === keyOf(price)) : [];
        others.splice(place < 0 ? others.length : Math.min(place, others.length), 0, ...shipped, price);
        return others;
      });
    },
    remove(key) {
      change((rows) => {
        const left = rows.filter((row) => !isSame(row, key));
        return left.length < rows.length ? left : refuseUnknown(key);
      });
    },
  };
}

/** @throws Fault `prices-unusable`: what can't be read is not written over */
function ownRows(path: string): Price[] {
  if (!existsSync(path)) return [];
  const read = readPrices(path);
  if ('prices' in read) return read.prices;
  throw new Fault('prices-unusable', `${path} can’t be used: ${read.problem}`, {
    hint: 'Mend the file first; nothing in it was changed.',
  });
}

function save(path: string, rows: readonly Price[]): void {
  const lines = rows.map((row) => `    ${JSON.stringify(row)}`);
  const text = `{\n  "version": 1,\n  "prices": [\n${lines.join(',\n')}\n  ]\n}\n`;
  try {
    writeFileSync(`${path}.new`, text, { flush: true, mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (cause) {
    throw new Fault('prices-not-saved', `The prices could not be written to ${path}`, {
      hint: 'Check that the disk is not full and that the folder can be written.',
      cause,
    });
  }
}

function isSame(one: PriceKey, other: PriceKey): boolean {
  return keyOf(one) === keyOf(other) && (one.from ?? null) === (other.from ?? null);
}

/** @throws Fault `price-invalid`: nothing could ever be counted by it */
function refuseUseless(price: Price): void {
  const parsed = priceSchema.safeParse(price);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Fault('price-invalid', `${issue?.path.join('.') || 'It'}: ${issue?.message}`, {
      hint: 'Amounts are US dollars from 0; a day is written 2026-11-03.',
    });
  }
  const { input, output, perMinute, perMillionCharacters } = price;
  if ((input === undefined) !== (output === undefined)) {
    throw new Fault('price-invalid', 'Tokens need a price both ways', {
      hint: 'Give what goes in and what comes out.',
    });
  }
  if ([input, perMinute, perMillionCharacters].every((amount) => amount === undefined)) {
    throw new Fault('price-invalid', 'There is no amount to count by', {
      hint: 'Give a price for tokens in and out, for a minute, or for a million characters; 0 is one.',
    });
  }
}

function refuseUnknown({ server, model, from }: PriceKey): never {
  throw new Fault(
    'price-unknown',
    `There is no price of yours for ${model} at ${server}${from ? ` from ${from}` : ''}`,
    {
      hint: 'Prices that come with Squelch are changed by one of your own.',
    },
  );
}
