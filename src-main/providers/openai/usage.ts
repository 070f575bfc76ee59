/** Reads a provider's usage object, whose fields may be missing, null, zero or something else altogether. */
import type { Usage } from '../../speech/call.ts';

/** `value` as an object whose fields can be looked at; an empty one for anything else. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

type Counted = {
  [K in keyof Usage]-?: Usage[K] extends number | undefined ? K : never;
}[keyof Usage];

/** One field of a usage, left out when the server did not count. */
export function count<K extends Counted>(name: K, value: unknown): { readonly [P in K]?: number } {
  return typeof value === 'number' && Number.isFinite(value) ? ({ [name]: value } as { [P in K]: number }) : {};
}
