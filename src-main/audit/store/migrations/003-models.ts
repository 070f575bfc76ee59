/**
 * Which turns used a model, and which sent a turn again, found without reading all of them. The models are looked up in
 * the configurations themselves, so that there is nothing to keep in step: what is erased there is gone from here.
 */
import type { Migration } from './migration.ts';

export const models: Migration = {
  version: 3,
  sql: `
    ${['stt', 'llm', 'tts']
      .map(
        (stage) => `CREATE INDEX content_by_${stage} ON content (json_extract(CAST(bytes AS TEXT), '$.${stage}'))
      WHERE name = 'configuration' AND bytes IS NOT NULL AND json_valid(CAST(bytes AS TEXT));`,
      )
      .join('\n    ')}
    CREATE INDEX turn_by_retry ON turn (retry_of) WHERE retry_of IS NOT NULL;
  `,
};
