/** One step of the schema. Once released it never changes; the next change is the next file. */
export interface Migration {
  /** `user_version` after it; consecutive from 1. */
  readonly version: number;
  readonly sql: string;
}
