/** Answers what the screens and the command line ask of the log, as the contract's views. */
import { existsSync } from 'node:fs';
import type {
  CommandOutput,
  SearchHit,
  SearchInput,
  SessionView,
  Track,
  TurnView,
  UsageSum,
  UsageSummaryInput,
} from '../../../src-preload/contract.ts';
import type { SoundView } from '../../../src-preload/inspection.ts';
import { PIPELINE_RATE, samplesToMs } from '../../audio/frame.ts';
import { readRecord, type SessionRecord, type TranscriptRecord, type UserMessageRecord } from '../chain/records.ts';
import { loadPrices, type PriceTable, type ServerOf } from '../cost/price-table.ts';
import { summarizeUsage } from '../cost/usage-summary.ts';
import { inHome } from '../store/audio-files.ts';
import type { LogDatabase } from '../store/database.ts';
import { soundOf } from './inspection.ts';
import { createSearch } from './search.ts';
import { type BodyDetail, type SessionDetail, type TurnDetail, turnDetail } from './session-detail.ts';
import { createSessionReader } from './session-entries.ts';
import { createTurnReader, type TurnContents, type TurnRow } from './turn-contents.ts';

export interface SessionFilter {
  /** Only sessions that began before; null for the newest. Milliseconds since the epoch. */
  readonly before: number | null;
  readonly limit: number;
  readonly agentId?: string;
  /** Only sessions that began then or later. Milliseconds since the epoch. */
  readonly since?: number;
}

export interface Queries {
  /** Newest first. */
  listSessions(filter: SessionFilter): SessionView[];
  findSession(sessionId: string): SessionView | null;
  getSession(sessionId: string): CommandOutput<'sessions.get'> | null;
  /** A turn in flight has neither phase nor outcome here. */
  getTurn(turnId: string): TurnView | null;
  /** What its user said, without what an agent gave as their words if there is both; null when it is unknown. */
  wordsOf(turnId: string): string | null;
  /** A turn and all that ask the same again, in the order in which they began; null when it is unknown. */
  alternatives(turnId: string): TurnView[] | null;
  /** What the log has of what a search can be limited to. */
  filters(): { agentIds: string[]; models: string[] };
  /** What a player shows of a turn; null when it is unknown. */
  getTurnSound(turnId: string): SoundView | null;
  /** The run of Squelch that wrote a turn; null when that was redacted. */
  runOf(turnId: string): SessionDetail['runs'][number] | null;
  /** Everything that is known of a turn. */
  getTurnDetail(turnId: string): TurnDetail | null;
  /** Everything that is known of a session, requests and responses included. */
  getSessionDetail(sessionId: string): SessionDetail | null;
  /** The same, to be read turn by turn. */
  openSession(sessionId: string): OpenedSession | null;
  /** Turns in which something was said, newest first. @throws Fault as Search.find */
  search(input: SearchInput): SearchHit[];
  summarizeUsage(input: UsageSummaryInput): Promise<UsageSum[]>;
  /** Path of a turn's WAV file; null when there is none. */
  recordingFile(turnId: string, track: Track): string | null;
}

export interface OpenedSession {
  readonly session: SessionView;
  readonly runs: SessionDetail['runs'];
  readonly faults: SessionDetail['faults'];
  readonly serverRecordings: SessionDetail['serverRecordings'];
  /** In the order in which they began, without the bodies of requests. */
  readonly turns: readonly { readonly row: TurnRow; readonly contents: TurnContents; readonly view: TurnView }[];
  /** All of one turn. @param bodyOf how the bodies of its requests are told */
  detailOf(turnId: string, bodyOf?: (bytes: Uint8Array) => BodyDetail): TurnDetail | null;
}

interface SessionRow {
  readonly id: string;
  readonly started_at: number;
  readonly agent_id: string;
  readonly turns: number;
  /** The first turn in which somebody said something. */
  readonly first_turn: string | null;
}

const TITLE_LENGTH = 80;

const SELECT_SESSION = `
  SELECT s.id, s.started_at, s.agent_id,
    (SELECT count(*) FROM turn t WHERE t.session_id = s.id) AS turns,
    (SELECT e.turn_id FROM entry e JOIN content c ON c.entry_seq = e.seq
      WHERE e.session_id = s.id AND e.kind = 'user_speech' AND c.bytes IS NOT NULL
      ORDER BY e.seq LIMIT 1) AS first_turn
  FROM session s`;

/** @param prices by which turns are shown */
export function createQueries(
  home: string,
  database: LogDatabase,
  prices: PriceTable = loadPrices(home).table,
): Queries {
  const page = database.prepare<SessionFilter, SessionRow>(
    `${SELECT_SESSION} WHERE s.started_at < @before AND s.started_at >= @since
      AND (@agentId IS NULL OR s.agent_id = @agentId)
      ORDER BY s.started_at DESC, s.id DESC LIMIT @limit`,
  );
  const one = database.prepare<[string], SessionRow>(`${SELECT_SESSION} WHERE s.id = ?`);
  const messages = database
    .prepare<[string], Uint8Array>(
      `SELECT c.bytes FROM entry e JOIN content c ON c.entry_seq = e.seq
        WHERE e.turn_id = ? AND e.kind = 'user_speech' AND c.bytes IS NOT NULL ORDER BY e.seq`,
    )
    .pluck();
  const runs = database.prepare<[string], { at: number; bytes: Uint8Array }>(
    `SELECT e.at, c.bytes FROM entry e JOIN content c ON c.entry_seq = e.seq
      WHERE e.session_id = ? AND e.kind IN ('session_started', 'session_resumed') AND c.bytes IS NOT NULL
      ORDER BY e.seq`,
  );
  const runOf = database.prepare<[string, string], { at: number; bytes: Uint8Array }>(
    `SELECT e.at, c.bytes FROM entry e JOIN content c ON c.entry_seq = e.seq
      WHERE e.session_id = (SELECT session_id FROM turn WHERE id = ?) AND e.kind IN ('session_started', 'session_resumed')
        AND c.bytes IS NOT NULL AND e.seq < (SELECT min(seq) FROM entry WHERE turn_id = ?) ORDER BY e.seq DESC LIMIT 1`,
  );
  const inForce = database
    .prepare<[string, string], Uint8Array>(
      `SELECT c.bytes FROM entry e JOIN content c ON c.entry_seq = e.seq AND c.name = 'in-force'
        WHERE e.session_id = ? AND e.kind = 'turn_started' AND c.bytes IS NOT NULL
          AND e.seq <= (SELECT min(seq) FROM entry WHERE turn_id = ?) ORDER BY e.seq DESC LIMIT 1`,
    )
    .pluck();
  const sound = database
    .prepare<[string, string], string>(
      `SELECT c.file FROM entry e JOIN content c ON c.entry_seq = e.seq
        WHERE e.turn_id = ? AND c.name = ? AND c.file IS NOT NULL ORDER BY e.seq DESC LIMIT 1`,
    )
    .pluck();
  const alternatives = database
    .prepare<[string], string>(
      `WITH RECURSIVE
        asked (id) AS (SELECT id FROM turn WHERE id = ?
          UNION SELECT t.retry_of FROM asked JOIN turn t ON t.id = asked.id WHERE t.retry_of IS NOT NULL),
        again (id) AS (SELECT id FROM asked UNION SELECT t.id FROM again JOIN turn t ON t.retry_of = again.id)
      SELECT t.id FROM again JOIN turn t ON t.id = again.id ORDER BY t.started_at, t.id`,
    )
    .pluck();
  const agentIds = database.prepare<[], string>('SELECT DISTINCT agent_id FROM session ORDER BY agent_id').pluck();
  const turns = createTurnReader(database);
  const rooms = createSessionReader(database);
  const search = createSearch(database);
  const viewOf = (row: TurnRow, contents: TurnContents) => turnView(row, contents, prices);

  function sessionView({ id, started_at, agent_id, turns, first_turn }: SessionRow): SessionView {
    const words = first_turn === null ? [] : messages.all(first_turn).flatMap(readMessage);
    // What the first message was understood to say in the end.
    const first = words.findLast(({ messageId }) => messageId === words[0]?.messageId);
    const title = [...(first?.text.trim() ?? '')].slice(0, TITLE_LENGTH).join('');
    return { id, startedAt: started_at, agentId: agent_id, turnCount: turns, title };
  }

  function getTurnDetail(turnId: string, bodyOf?: (bytes: Uint8Array) => BodyDetail): TurnDetail | null {
    const turn = turns.ofTurn(turnId, 'whole');
    if (!turn) return null;
    const { row, contents } = turn;
    return turnDetail(viewOf(row, contents), contents, inForce.get(row.session_id, turnId) ?? null, bodyOf);
  }

  function openSession(sessionId: string): OpenedSession | null {
    const row = one.get(sessionId);
    if (!row) return null;
    return {
      session: sessionView(row),
      runs: runs.all(sessionId).map(runView),
      ...rooms.ofSession(sessionId),
      turns: turns.ofSession(sessionId).map((turn) => ({ ...turn, view: viewOf(turn.row, turn.contents) })),
      detailOf: getTurnDetail,
    };
  }

  function getTurn(turnId: string): TurnView | null {
    const turn = turns.ofTurn(turnId, 'light');
    return turn && viewOf(turn.row, turn.contents);
  }

  return {
    listSessions({ before, limit, agentId, since }) {
      const bounds = { before: before ?? Number.MAX_SAFE_INTEGER, since: since ?? 0 };
      return page.all({ ...bounds, limit, agentId: (agentId ?? null) as string }).map(sessionView);
    },
    findSession(sessionId) {
      const row = one.get(sessionId);
      return row ? sessionView(row) : null;
    },
    getSession(sessionId) {
      const row = one.get(sessionId);
      if (!row) return null;
      return {
        session: sessionView(row),
        ...rooms.ofSession(sessionId),
        turns: turns.ofSession(sessionId).map((turn) => viewOf(turn.row, turn.contents)),
      };
    },
    getTurn,
    wordsOf(turnId) {
      const turn = turns.ofTurn(turnId, 'light');
      return turn && (ownWords(turn.contents) || userWords(turn.contents));
    },
    alternatives(turnId) {
      const found = alternatives.all(turnId).flatMap((id) => getTurn(id) ?? []);
      return found.length === 0 ? null : found;
    },
    filters: () => ({ agentIds: agentIds.all(), models: search.models() }),
    getTurnSound(turnId) {
      const turn = turns.ofTurn(turnId, 'sound');
      return turn && soundOf(viewOf(turn.row, turn.contents), turn.contents);
    },
    runOf(turnId) {
      const run = runOf.get(turnId, turnId);
      return run ? runView(run) : null;
    },
    getTurnDetail,
    getSessionDetail(sessionId) {
      const opened = openSession(sessionId);
      if (!opened) return null;
      const { session, runs, faults, serverRecordings, detailOf } = opened;
      const turns = opened.turns.flatMap(({ row }) => detailOf(row.id) ?? []);
      return { session, runs, faults, serverRecordings, turns };
    },
    openSession,
    search(input) {
      const { minCost, maxCost } = input.filter;
      return search.find(input, (turnId) => {
        if (minCost === undefined && maxCost === undefined) return true;
        const cost = getTurn(turnId)?.cost ?? null;
        return cost !== null && cost >= (minCost ?? 0) && cost <= (maxCost ?? Number.POSITIVE_INFINITY);
      });
    },
    summarizeUsage: (input) => summarizeUsage(database, prices, input),
    recordingFile(turnId, track) {
      const file = sound.get(turnId, `${track}.audio`);
      const path = file ? inHome(home, file) : null;
      return path && existsSync(path) ? path : null;
    },
  };
}

function readMessage(bytes: Uint8Array): UserMessageRecord[] {
  const record = readRecord<UserMessageRecord>(bytes);
  return record ? [record] : [];
}

function runView({ at, bytes }: { at: number; bytes: Uint8Array }): SessionDetail['runs'][number] {
  const { versions = {}, platform = '' } = readRecord<SessionRecord>(bytes) ?? {};
  return { at, versions, platform };
}

function turnView(row: TurnRow, contents: TurnContents, prices: PriceTable): TurnView {
  const { configuration, capture, agentMessage, usage, outcome, reply } = contents;
  const userSamples = contents.user?.samples ?? capture?.samples ?? 0;
  const text = agentMessage?.text ?? reply?.deltas.map((delta) => delta.text).join('') ?? '';
  const heardText = agentMessage?.heardText ?? reply?.heardText ?? '';
  return {
    id: row.id,
    sessionId: row.session_id,
    startedAt: row.started_at,
    agentId: configuration?.agentId ?? '',
    source: row.source,
    retryOf: row.retry_of,
    speaker: configuration?.input.speaker ?? null,
    phase: null,
    outcome: row.outcome,
    user: {
      committed: userWords(contents),
      tentative: '',
      audioMs: wholeMs(userSamples),
      lostFrames: capture?.lostFrames ?? 0,
      lateFrames: capture?.lateFrames ?? 0,
    },
    reply: {
      text,
      heardLength: heardText.length,
      audioMs: wholeMs(contents.agent?.samples ?? 0),
      heardMs: wholeMs(reply?.heardSamples ?? 0),
    },
    steps: contents.steps,
    redactions: contents.redactions,
    error: outcome?.error ?? null,
    timings: outcome?.timings ?? null,
    usage: usage.map((one) => ({ ...one })),
    cost: prices.costOf(usage, row.started_at, serverOf(contents)),
    models: { stt: configuration?.stt ?? '', llm: configuration?.llm ?? '', tts: configuration?.tts ?? '' },
  };
}

/** The user's own words, then those that an agent gave as theirs. */
function userWords(contents: TurnContents): string {
  const given = contents.userMessages.filter((message) => message.given).map(({ text }) => text);
  return [ownWords(contents), ...given].filter((text) => text !== '').join('\n');
}

function ownWords({ userMessages, transcript }: TurnContents): string {
  // The last entry of a message is what it was understood to say in the end.
  return userMessages.findLast((message) => !message.given)?.text ?? committedWords(transcript);
}

function committedWords(transcript: TranscriptRecord): string {
  return transcript
    .filter(({ final, text }) => final && text !== '')
    .map(({ text }) => text)
    .join(' ');
}

/** Who served each stage, as the requests themselves say. */
function serverOf({ attempts }: TurnContents): ServerOf {
  const servers = new Map(attempts.flatMap(({ attempt }) => (attempt ? [[attempt.stage, attempt.url] as const] : [])));
  return (stage) => {
    const url = servers.get(stage);
    return url ? new URL(url).host : null;
  };
}

function wholeMs(samples: number): number {
  return Math.round(samplesToMs(samples, PIPELINE_RATE));
}
