/** Every step of the schema, in order. */
import { chain } from './001-chain.ts';
import type { Migration } from './migration.ts';

export const MIGRATIONS: readonly Migration[] = [chain];
