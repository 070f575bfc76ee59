/** Every step of the schema, in order. */
import { chain } from './001-chain.ts';
import { search } from './002-search.ts';
import { models } from './003-models.ts';
import { parts } from './004-parts.ts';
import { answered } from './005-answered.ts';
import type { Migration } from './migration.ts';

export const MIGRATIONS: readonly Migration[] = [chain, search, models, parts, answered];
