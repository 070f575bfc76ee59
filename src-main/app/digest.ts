/** A digest that tells whether something is what it was. */
import { createHash } from 'node:crypto';

/** @param value survives JSON */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
