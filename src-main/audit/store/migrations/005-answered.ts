/**
 * Which models answered in a turn: another agent may have taken over with its own, and some serve more than one stage.
 * Looked up in what was used itself, as the models of migration 003 are in the configurations.
 */
import type { Migration } from './migration.ts';

export const answered: Migration = {
  version: 5,
  sql: `
    CREATE INDEX content_by_used_model ON content
      (json_extract(CAST(bytes AS TEXT), '$.provider') || '/' || json_extract(CAST(bytes AS TEXT), '$.model'))
      WHERE name = 'usage' AND bytes IS NOT NULL AND json_valid(CAST(bytes AS TEXT));
  `,
};
