/** `squelch prices`: by which prices costs are computed, and changes to the user's own, also while a Squelch is running. */
import type { PriceView } from '../../../src-preload/prices-contract.ts';
import type { Price } from '../../audit/cost/price.ts';
import { pricesPath } from '../../audit/cost/price-table.ts';
import { openPrices, type PriceKey } from '../../audit/cost/prices.ts';
import { dataFolder } from './data-folder.ts';
import { EXIT, mention, report } from './report.ts';

interface PricesOptions {
  readonly json?: boolean;
  readonly home?: string;
}

/** @returns the exit status */
export function listPrices({ own, json, home }: PricesOptions & { readonly own?: boolean }): number {
  const folder = dataFolder(home);
  const { problem, table } = openPrices(folder);
  if (problem) mention(`squelch: ${problem}. The prices that come with Squelch are used.`);
  const prices = own ? table.prices.filter((price) => price.own) : table.prices;
  const document = { file: pricesPath(folder), problem, prices };
  report(json ?? false, document, prices.length ? prices.map(priceLine).join('\n') : 'There are none of yours.');
  return EXIT.done;
}

/** @returns the exit status. @throws Fault as Prices.set */
export function setPrice(
  server: string,
  model: string,
  { json, home, ...amounts }: PricesOptions & Omit<Price, 'server' | 'model'>,
): number {
  const folder = dataFolder(home);
  const prices = openPrices(folder);
  prices.set({ server, model, ...amounts });
  const set = prices.table.prices.filter((price) => price.server === server && price.model === model);
  report(json ?? false, set, set.map(priceLine).join('\n'));
  return EXIT.done;
}

/** @returns the exit status. @throws Fault as Prices.remove */
export function removePrice(
  server: string,
  model: string,
  { json, home, ...day }: PricesOptions & Pick<PriceKey, 'from'>,
): number {
  openPrices(dataFolder(home)).remove({ server, model, ...day });
  report(json ?? false, { removed: true }, 'Removed.');
  return EXIT.done;
}

const UNITS: readonly (readonly [keyof PriceView, string])[] = [
  ['input', 'in'],
  ['cachedInput', 'cached in'],
  ['audioInput', 'sound in'],
  ['output', 'out'],
  ['audioOutput', 'sound out'],
  ['perMinute', 'a minute'],
  ['perMillionCharacters', 'a million characters'],
];

function priceLine(price: PriceView): string {
  const amounts = UNITS.flatMap(([field, name]) => (price[field] === null ? [] : `$${price[field]} ${name}`));
  const facts = [price.server, price.from && `from ${price.from}`, price.own && 'yours', price.note].filter(Boolean);
  return `${price.model.padEnd(24)} ${amounts.join(', ')}\n    ${facts.join(' · ')}`;
}
