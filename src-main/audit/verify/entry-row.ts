/** An entry as the database has it, not yet believed. */
import type { EntryKind } from '../chain/records.ts';

export interface EntryRow {
  readonly seq: number;
  readonly at: number;
  readonly kind: EntryKind;
  readonly session_id: string | null;
  readonly turn_id: string | null;
  readonly prev: Uint8Array;
  readonly manifest: Uint8Array;
  readonly hash: Uint8Array;
}
