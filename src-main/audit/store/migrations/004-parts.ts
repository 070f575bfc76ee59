/**
 * Long texts that requests repeat (an image, a document, instructions) are stored once, by digest, and belong to every
 * content that names them. When the last of these is erased they go too, in the same transaction.
 */
import type { Migration } from './migration.ts';

export const parts: Migration = {
  version: 4,
  sql: `
    CREATE TABLE part (
      id INTEGER PRIMARY KEY,
      sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
      bytes BLOB NOT NULL
    ) STRICT;
    CREATE TABLE content_part (
      content_id INTEGER NOT NULL REFERENCES content (id),
      part_id INTEGER NOT NULL REFERENCES part (id),
      PRIMARY KEY (content_id, part_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX content_part_by_part ON content_part (part_id);

    CREATE TRIGGER content_parts_erased AFTER UPDATE OF bytes ON content WHEN new.bytes IS NULL BEGIN
      DELETE FROM content_part WHERE content_id = old.id;
    END;
    CREATE TRIGGER content_parts_deleted BEFORE DELETE ON content BEGIN
      DELETE FROM content_part WHERE content_id = old.id;
    END;
    CREATE TRIGGER part_forgotten AFTER DELETE ON content_part
      WHEN NOT EXISTS (SELECT 1 FROM content_part WHERE part_id = old.part_id) BEGIN
      DELETE FROM part WHERE id = old.part_id;
    END;
  `,
};
