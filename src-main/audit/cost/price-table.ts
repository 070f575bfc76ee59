/**
 * The prices in force: those that come with Squelch, and over them the user's own, `<home>/prices.json`. A model that the
 * user lists for a server has the user's prices alone. A file that can't be used changes nothing and is told of.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { PriceView } from '../../../src-preload/prices-contract.ts';
import type { ModelStage, Usage } from '../../speech/call.ts';
import { costAt, type Price, priceSchema } from './price.ts';
import { OPENAI_SERVER, SHIPPED_PRICES } from './shipped-prices.ts';

const fileSchema = z.strictObject({ version: z.literal(1), prices: z.array(priceSchema) });

/** Who served a stage, `localhost:11434`; null when nobody else than the provider itself. */
export type ServerOf = (stage: ModelStage) => string | null;

export interface PriceTable {
  /**
   * @param at when it was used, milliseconds since the epoch: the price of that day counts
   * @returns US dollars; null when nothing was reported, or something whose price is not known
   */
  costOf(usage: readonly Usage[], at: number, serverOf: ServerOf): number | null;
  /** All that are in force, by server and model, the latest first. */
  readonly prices: readonly PriceView[];
}

export interface LoadedPrices {
  readonly table: PriceTable;
  /** Why the user's own prices are not in force; null when they are, or there are none. */
  readonly problem: string | null;
}

export function pricesPath(home: string): string {
  return join(home, 'prices.json');
}

export function loadPrices(home: string): LoadedPrices {
  const path = pricesPath(home);
  if (!existsSync(path)) return { table: priceTable([]), problem: null };
  const read = readPrices(path);
  if ('prices' in read) return { table: priceTable(read.prices), problem: null };
  return { table: priceTable([]), problem: `${path} can’t be used: ${read.problem}` };
}

type ReadPrices = { readonly prices: Price[] } | { readonly problem: string };

/** @returns the rows of a file, or what is wrong with it */
export function readPrices(path: string): ReadPrices {
  try {
    return parsePrices(readFileSync(path, 'utf8'));
  } catch (thrown) {
    return { problem: `it can’t be read (${(thrown as Error).message})` };
  }
}

/** @param text some editors begin it with a mark. @returns the rows in it, or what is wrong with it */
function parsePrices(text: string): ReadPrices {
  try {
    return { prices: fileSchema.parse(JSON.parse(text.replace(/^\uFEFF/, ''))).prices };
  } catch (thrown) {
    return { problem: reasonOf(thrown) };
  }
}

/** @param own prices that count instead of the shipped ones */
export function priceTable(own: readonly Price[]): PriceTable {
  const listed = new Map<string, Price[]>();
  for (const prices of [SHIPPED_PRICES, own]) {
    for (const [key, found] of Map.groupBy(prices, keyOf)) {
      listed.set(
        key,
        [...found].sort((a, b) => (b.from ?? '').localeCompare(a.from ?? '')),
      );
    }
  }

  function priceOf(server: string, model: string, day: string): Price | null {
    // Dated snapshots: gpt-5-mini-2025-08-07.
    for (const name of [model, model.replace(/-\d{4}-\d{2}-\d{2}$/, '')]) {
      const price = listed.get(keyOf({ server, model: name }))?.find(({ from = '' }) => from <= day);
      if (price) return price;
    }
    return null;
  }

  const ownKeys = new Set(own.map(keyOf));
  return {
    prices: [...listed]
      .sort(([a], [b]) => a.localeCompare(b))
      .flatMap(([key, found]) => found.map((price) => viewOf(price, ownKeys.has(key)))),
    costOf(usage, at, serverOf) {
      if (usage.length === 0) return null;
      const day = new Date(at).toISOString().slice(0, 10);
      let total = 0;
      for (const one of usage) {
        if (one.provider === 'practice') continue;
        const server = serverOf(one.stage) ?? (one.provider === 'openai' ? OPENAI_SERVER : one.provider);
        const price = priceOf(server, one.model, day);
        const cost = price && costAt(price, one);
        if (cost === null) return null;
        total += cost;
      }
      return total;
    },
  };
}

function viewOf(price: Price, own: boolean): PriceView {
  const { server, model, from = null, input = null, cachedInput = null, audioInput = null, output = null } = price;
  const { audioOutput = null, perMinute = null, perMillionCharacters = null, note = null } = price;
  const amounts = { input, cachedInput, audioInput, output, audioOutput, perMinute, perMillionCharacters };
  return { server, model, from, own, ...amounts, note };
}

export function keyOf({ server, model }: Pick<Price, 'server' | 'model'>): string {
  return `${server} ${model}`;
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof z.ZodError)) return 'it is not JSON';
  return thrown.issues.map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`).join('; ');
}
