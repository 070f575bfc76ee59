/** Reads what the log holds of turns: the contents of their entries, gathered by turn. Redacted ones are missing. */

import type { TurnStep } from '../../../src-preload/agents-contract.ts';
import { createPartReader } from '../chain/parts.ts';
import {
  type AgentMessageRecord,
  type AttemptRecord,
  type CaptureRecord,
  type ChunksRecord,
  type ConfigurationRecord,
  type OutcomeRecord,
  type RedactionRecord,
  type ReplyRecord,
  readRecord,
  type TranscriptRecord,
  type UsageRecord,
  type UserMessageRecord,
} from '../chain/records.ts';
import { addStep, isStep } from '../chain/steps.ts';
import type { LogDatabase } from '../store/database.ts';

export interface TurnRow {
  readonly id: string;
  readonly session_id: string;
  readonly started_at: number;
  readonly source: 'voice' | 'text' | 'retry';
  readonly retry_of: string | null;
  readonly ended_at: number | null;
  readonly outcome: OutcomeRecord['outcome'] | null;
}

/** A file of sound, relative to the home folder. */
export interface SoundFile {
  readonly file: string;
  readonly samples: number;
}

/** What its owner erased of a turn. */
export interface Redaction extends Pick<RedactionRecord, 'part' | 'reason'> {
  /** The entry that says so. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Bytes that were there. */
export const REDACTED = 'redacted';

export interface AttemptContents {
  attempt: AttemptRecord | null;
  /** Messages sent over a WebSocket; empty for plain requests. */
  requestChunks: ChunksRecord;
  chunks: ChunksRecord;
  /** null when there was none. */
  requestBody: Uint8Array | typeof REDACTED | null;
  responseBody: Uint8Array | typeof REDACTED | null;
}

export interface TurnContents {
  configuration: ConfigurationRecord | null;
  capture: CaptureRecord | null;
  userMessages: UserMessageRecord[];
  agentMessage: AgentMessageRecord | null;
  usage: UsageRecord[];
  steps: TurnStep[];
  /** Oldest first. */
  redactions: Redaction[];
  attempts: AttemptContents[];
  outcome: OutcomeRecord | null;
  transcript: TranscriptRecord;
  reply: ReplyRecord | null;
  /** Probabilities of speech, one for each 32 ms. */
  vad: Float32Array;
  user: SoundFile | null;
  agent: SoundFile | null;
}

interface ContentRow {
  readonly turn_id: string;
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly name: string;
  readonly type: string;
  readonly length: number;
  readonly bytes: Uint8Array | null;
  readonly file: string | null;
}

/** How much of a turn is read. */
export type Extent = 'light' | 'sound' | 'whole';

export interface TurnReader {
  /** The turns of a session in the order in which they began, without the bodies of requests. */
  ofSession(sessionId: string): { row: TurnRow; contents: TurnContents }[];
  /** @param extent with what voice detection measured, and with the bodies of requests and responses too */
  ofTurn(turnId: string, extent: Extent): { row: TurnRow; contents: TurnContents } | null;
}

const BODIES = `'request.body', 'request.chunks', 'response.body', 'response.chunks'`;

export function createTurnReader(database: LogDatabase): TurnReader {
  const columns = 'id, session_id, started_at, source, retry_of, ended_at, outcome';
  const row = database.prepare<[string], TurnRow>(`SELECT ${columns} FROM turn WHERE id = ?`);
  const rows = database.prepare<[string], TurnRow>(
    `SELECT ${columns} FROM turn WHERE session_id = ? ORDER BY started_at`,
  );
  const select = `SELECT e.turn_id, e.seq, e.at, e.kind, c.name, c.type, c.length, c.bytes, c.file
    FROM entry e JOIN content c ON c.entry_seq = e.seq`;
  const light = `c.name NOT IN (${BODIES}, 'vad')`;
  const ofSession = database.prepare<[string], ContentRow>(
    `${select} WHERE e.session_id = ? AND e.turn_id IS NOT NULL AND ${light} ORDER BY e.seq`,
  );
  const ofTurn = (condition: string) =>
    database.prepare<[string], ContentRow>(`${select} WHERE e.turn_id = ? AND ${condition} ORDER BY e.seq`);
  const byExtent = { light: ofTurn(light), sound: ofTurn(`c.name NOT IN (${BODIES})`), whole: ofTurn('1') };
  const parts = createPartReader(database);
  return {
    ofSession(sessionId) {
      const byTurn = Map.groupBy(ofSession.all(sessionId), (content) => content.turn_id);
      return rows.all(sessionId).map((turn) => ({ row: turn, contents: gather(byTurn.get(turn.id) ?? []) }));
    },
    ofTurn(turnId, extent) {
      const found = row.get(turnId);
      if (!found) return null;
      const contents = byExtent[extent].all(turnId);
      if (extent !== 'whole') return { row: found, contents: gather(contents) };
      const whole = contents.map((one) => ({ ...one, bytes: one.bytes && parts.whole(one.type, one.bytes) }));
      return { row: found, contents: gather(whole) };
    },
  };
}

function gather(rows: readonly ContentRow[]): TurnContents {
  const contents: TurnContents = {
    configuration: null,
    capture: null,
    userMessages: [],
    agentMessage: null,
    usage: [],
    steps: [],
    redactions: [],
    attempts: [],
    outcome: null,
    transcript: [],
    reply: null,
    vad: new Float32Array(),
    user: null,
    agent: null,
  };
  const attempts = new Map<number, AttemptContents>();
  for (const { seq, at, kind, name, length, bytes, file } of rows) {
    if (file !== null && (name === 'user.audio' || name === 'agent.audio')) {
      contents[name === 'user.audio' ? 'user' : 'agent'] = { file, samples: length / 2 };
    }
    if (kind === 'attempt') {
      const attempt = attempts.get(seq) ?? {
        attempt: null,
        requestChunks: [],
        chunks: [],
        requestBody: null,
        responseBody: null,
      };
      attempts.set(seq, attempt);
      if (name === 'request.body') attempt.requestBody = bytes ?? REDACTED;
      else if (name === 'response.body') attempt.responseBody = bytes ?? REDACTED;
      else if (bytes === null) continue;
      else if (name === 'attempt') attempt.attempt = readRecord(bytes);
      else if (name === 'request.chunks') attempt.requestChunks = readRecord(bytes) ?? [];
      else if (name === 'response.chunks') attempt.chunks = readRecord(bytes) ?? [];
      continue;
    }
    if (bytes === null) continue;
    if (name === 'vad') {
      contents.vad = new Float32Array(Uint8Array.from(bytes).buffer.slice(0, bytes.length & ~3));
      continue;
    }
    const record = readRecord<never>(bytes);
    if (record === null) continue;
    if (isStep(kind)) addStep(contents.steps, { at, kind, record });
    else if (name === 'message' && kind === 'user_speech') contents.userMessages.push(record);
    else if (name === 'message') contents.agentMessage = record;
    else if (name === 'redaction') {
      const { part, reason }: RedactionRecord = record;
      contents.redactions.push({ seq, at, part, reason });
    } else if (name === 'usage') contents.usage.push(record);
    else if (name === 'configuration') contents.configuration = record;
    else if (name === 'capture') contents.capture = record;
    else if (name === 'outcome') contents.outcome = record;
    else if (name === 'transcript') contents.transcript = record;
    else if (name === 'reply') contents.reply = record;
  }
  contents.attempts = [...attempts.values()].sort((a, b) => (a.attempt?.startedAt ?? 0) - (b.attempt?.startedAt ?? 0));
  return contents;
}
