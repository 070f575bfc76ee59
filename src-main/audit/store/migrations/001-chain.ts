/**
 * The first schema. `entry` and `content` are the log and only grow; `session` and `turn` are an index over them
 * for lists, made in the same transactions and checked against them.
 */
import type { Migration } from './migration.ts';

export const chain: Migration = {
  version: 1,
  sql: `
    CREATE TABLE log (
      id BLOB NOT NULL CHECK (length(id) = 16),
      created_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE entry (
      seq INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      kind TEXT NOT NULL,
      session_id TEXT,
      turn_id TEXT,
      prev BLOB NOT NULL CHECK (length(prev) = 32),
      manifest BLOB NOT NULL,
      hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT;
    CREATE INDEX entry_by_turn ON entry (turn_id, kind, seq) WHERE turn_id IS NOT NULL;
    CREATE INDEX entry_by_session ON entry (session_id, kind, seq) WHERE session_id IS NOT NULL;

    -- Either bytes or file holds the content; redaction clears salt, bytes and file.
    CREATE TABLE content (
      id INTEGER PRIMARY KEY,
      entry_seq INTEGER NOT NULL REFERENCES entry (seq),
      name TEXT NOT NULL,
      type TEXT NOT NULL,
      length INTEGER NOT NULL,
      salt BLOB,
      bytes BLOB,
      file TEXT,
      UNIQUE (entry_seq, name),
      CHECK (CASE WHEN salt IS NULL THEN bytes IS NULL AND file IS NULL ELSE (bytes IS NULL) <> (file IS NULL) END)
    ) STRICT;

    CREATE TABLE session (
      id TEXT PRIMARY KEY,
      started_at INTEGER NOT NULL,
      agent_id TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX session_by_start ON session (started_at);

    CREATE TABLE turn (
      id TEXT PRIMARY KEY,
      session_id TEXT NOT NULL REFERENCES session (id),
      started_at INTEGER NOT NULL,
      source TEXT NOT NULL,
      retry_of TEXT,
      ended_at INTEGER,
      outcome TEXT,
      CHECK ((outcome IS NULL) = (ended_at IS NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX turn_by_session ON turn (session_id, started_at);
    CREATE INDEX turn_in_flight ON turn (started_at) WHERE outcome IS NULL;

    INSERT INTO log (id, created_at) VALUES (randomblob(16), CAST(unixepoch('subsec') * 1000 AS INTEGER));
  `,
};
