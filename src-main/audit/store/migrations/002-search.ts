/**
 * Words that can be searched. The database keeps them up to date itself, in the transaction that writes or erases a
 * content, so that no writer can forget to: what is gone from `content` is gone from here.
 *
 * The index holds every run of three characters, which suits Chinese and English alike. Two line breaks after each
 * text give the last two characters runs of their own, so that shorter words can be found by how runs begin.
 */
import type { Migration } from './migration.ts';

export const search: Migration = {
  version: 2,
  sql: `
    CREATE TABLE spoken (
      id INTEGER PRIMARY KEY REFERENCES content (id),
      turn_id TEXT NOT NULL,
      at INTEGER NOT NULL,
      role TEXT NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX spoken_by_time ON spoken (at, id);
    CREATE INDEX spoken_by_turn ON spoken (turn_id);
    CREATE INDEX turn_by_start ON turn (started_at);

    -- A turn without a message still has what was recognised and what was generated.
    CREATE VIEW speakable AS
      SELECT c.id, e.turn_id, e.at,
        CASE
          WHEN e.kind = 'user_speech' OR c.name = 'transcript' THEN 'user'
          WHEN e.kind IN ('tool_call', 'tool_result') THEN 'tool'
          ELSE 'agent'
        END AS role,
        CASE
          -- A damaged content is verification's to tell of; it must not keep others from being found.
          WHEN c.name NOT IN ('message', 'transcript', 'reply', 'call', 'result') OR NOT json_valid(CAST(c.bytes AS TEXT)) THEN ''
          WHEN c.name = 'message' THEN json_extract(CAST(c.bytes AS TEXT), '$.text')
          WHEN c.name = 'call' THEN
            json_extract(CAST(c.bytes AS TEXT), '$.name') || ' ' || json_extract(CAST(c.bytes AS TEXT), '$.arguments')
          WHEN c.name = 'result' THEN json_extract(CAST(c.bytes AS TEXT), '$.output')
          WHEN c.name = 'transcript' THEN (
            SELECT group_concat(json_extract(value, '$.text'), ' ') FROM json_each(CAST(c.bytes AS TEXT))
              WHERE json_extract(value, '$.final') AND json_extract(value, '$.text') <> '')
          ELSE (
            SELECT group_concat(json_extract(value, '$.text'), '') FROM json_each(CAST(c.bytes AS TEXT), '$.deltas'))
        END AS text
      FROM content c JOIN entry e ON e.seq = c.entry_seq
      WHERE c.bytes IS NOT NULL AND e.turn_id IS NOT NULL AND (
        (c.name = 'message' AND e.kind IN ('user_speech', 'agent_speech'))
        OR (c.name = 'call' AND e.kind = 'tool_call') OR (c.name = 'result' AND e.kind = 'tool_result')
        OR (c.name = 'transcript' AND e.kind = 'turn_ended'
          AND NOT EXISTS (SELECT 1 FROM entry m WHERE m.turn_id = e.turn_id AND m.kind = 'user_speech'))
        OR (c.name = 'reply' AND e.kind = 'turn_ended'
          AND NOT EXISTS (SELECT 1 FROM entry m WHERE m.turn_id = e.turn_id AND m.kind = 'agent_speech')));

    CREATE VIRTUAL TABLE spoken_runs USING fts5 (text, content = 'spoken', content_rowid = 'id', tokenize = 'trigram');
    INSERT INTO spoken_runs (spoken_runs, rank) VALUES ('secure-delete', 1);
    CREATE VIRTUAL TABLE spoken_run USING fts5vocab (spoken_runs, 'row');

    CREATE TRIGGER spoken_kept AFTER INSERT ON spoken BEGIN
      INSERT INTO spoken_runs (rowid, text) VALUES (new.id, new.text);
    END;
    CREATE TRIGGER spoken_forgotten AFTER DELETE ON spoken BEGIN
      INSERT INTO spoken_runs (spoken_runs, rowid, text) VALUES ('delete', old.id, old.text);
    END;

    CREATE TRIGGER content_kept AFTER INSERT ON content 
      WHEN new.name IN ('message', 'transcript', 'reply', 'call', 'result') BEGIN
      INSERT INTO spoken (id, turn_id, at, role, text)
        SELECT id, turn_id, at, role, text || char(10, 10) FROM speakable WHERE id = new.id AND text <> '';
    END;
    CREATE TRIGGER content_erased AFTER UPDATE OF bytes ON content WHEN new.bytes IS NULL BEGIN
      DELETE FROM spoken WHERE id = old.id;
    END;
    CREATE TRIGGER content_deleted BEFORE DELETE ON content BEGIN
      DELETE FROM spoken WHERE id = old.id;
    END;

    INSERT INTO spoken (id, turn_id, at, role, text)
      SELECT id, turn_id, at, role, text || char(10, 10) FROM speakable WHERE text <> '' ORDER BY id;
  `,
};
