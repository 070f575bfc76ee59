/** The whole record of a session as one document: what `sessions show ID --json` prints. */
import { createHash } from 'node:crypto';
import type { LoggedFaultView, ServerRecordingView, SessionView, TurnView } from '../../../src-preload/contract.ts';
import type { Level } from '../../audio/level.ts';
import type { CallStage } from '../../speech/call.ts';
import {
  type AgentMessageRecord,
  type AttemptOutcome,
  type CaptureRecord,
  type ConfigurationRecord,
  type HeaderList,
  type InForceRecord,
  type OutcomeRecord,
  type ReplyRecord,
  readRecord,
  type SessionRecord,
  type TranscriptRecord,
} from '../chain/records.ts';
import type { ToolDetail } from '../chain/steps.ts';
import { type AttemptContents, REDACTED, type SoundFile, type TurnContents } from './turn-contents.ts';

export interface SessionDetail {
  readonly session: SessionView;
  /** The runs of Squelch that wrote it. */
  readonly runs: readonly ({ readonly at: number } & Pick<SessionRecord, 'versions' | 'platform'>)[];
  /** What went wrong in the room that it was held in, as it went. */
  readonly faults: readonly LoggedFaultView[];
  /** What that room's server recorded of it. */
  readonly serverRecordings: readonly ServerRecordingView[];
  readonly turns: readonly TurnDetail[];
}

/** Times `…AtMs` of a turn count from its start, those of a request from its own. */
export interface TurnDetail extends Omit<TurnView, 'user' | 'reply' | 'phase' | 'sessionId' | 'startedAt'> {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly configuration: ConfigurationRecord | null;
  /** With the digest of what the log keeps of it, hex; null in logs of earlier versions. */
  readonly inForce: (InForceRecord & { readonly sha256: string }) | null;
  readonly phases: OutcomeRecord['phases'];
  readonly user: TurnView['user'] & {
    readonly transcript: TranscriptRecord;
    /** In samples at 24 kHz. */
    readonly segments: CaptureRecord['segments'];
    readonly vadError: CaptureRecord['vadError'];
    /** How loud it came in; Squelch itself applies no gain. */
    readonly level: Level | null;
    /** One for each 32 ms. */
    readonly vadProbabilities: readonly number[];
    readonly audio: SoundFile | null;
  };
  readonly requests: readonly RequestDetail[];
  readonly reply: TurnView['reply'] & {
    readonly heardText: string;
    readonly interrupted: AgentMessageRecord['interrupted'];
    readonly deltas: ReplyRecord['deltas'];
    readonly marks: ReplyRecord['marks'];
    readonly playback: ReplyRecord['playback'];
    readonly audio: SoundFile | null;
  };
  readonly tools: readonly ToolDetail[];
}

/** One attempt: a retry is a request of its own. */
export interface RequestDetail {
  readonly stage: CallStage;
  readonly method: string;
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: AttemptOutcome;
  readonly error: string | null;
  /** How often the same was sent before. */
  readonly retry: number;
  /** null when no answer came. */
  readonly status: number | null;
  /** The provider's own id. */
  readonly requestId: string | null;
  readonly headers: HeaderList;
  /** Names of headers that hold credentials and were not kept. */
  readonly withheld: readonly string[];
  readonly body: BodyDetail | null;
  /** When each message went out over a WebSocket; empty for plain requests. */
  readonly chunks: AttemptContents['requestChunks'];
  readonly response: {
    readonly headersAtMs: number;
    readonly headers: HeaderList;
    readonly body: BodyDetail | null;
    readonly chunks: AttemptContents['chunks'];
  } | null;
}

/** Text as it is; anything else by its length and digest, and in exports its bytes. `redacted`: its owner erased it. */
export type BodyDetail =
  | { readonly text: string }
  | { readonly byteLength: number; readonly sha256: string; readonly base64?: string }
  | { readonly redacted: true };

/**
 * @param inForce as stored with this turn or the last one before it that has it
 * @param bodyOf how the bodies of requests are told
 */
export function turnDetail(
  view: TurnView,
  contents: TurnContents,
  inForce: Uint8Array | null,
  bodyOf: (bytes: Uint8Array) => BodyDetail = describeBody,
): TurnDetail {
  const { capture, transcript, reply, vad, agentMessage } = contents;
  const { phase: _, sessionId: __, startedAt, ...shared } = view;
  const inForceRecord = inForce && readRecord<InForceRecord>(inForce);
  return {
    ...shared,
    at: startedAt,
    configuration: contents.configuration,
    inForce: inForceRecord && inForce && { ...inForceRecord, sha256: sha256(inForce) },
    phases: contents.outcome?.phases ?? [],
    user: {
      ...view.user,
      transcript,
      segments: capture?.segments ?? [],
      vadError: capture?.vadError ?? null,
      level: capture?.level ?? null,
      vadProbabilities: [...vad],
      audio: contents.user,
    },
    requests: contents.attempts.flatMap((attempt, index) =>
      requestDetail(attempt, retriesBefore(contents.attempts, index), bodyOf),
    ),
    reply: {
      ...view.reply,
      heardText: agentMessage?.heardText ?? reply?.heardText ?? '',
      interrupted: agentMessage?.interrupted ?? false,
      deltas: reply?.deltas ?? [],
      marks: reply?.marks ?? [],
      playback: reply?.playback ?? [],
      audio: contents.agent,
    },
    tools: contents.steps.filter((step) => step.type === 'tool').map(({ type: _, ...tool }) => tool),
  };
}

function requestDetail(
  { attempt, requestChunks, chunks, requestBody, responseBody }: AttemptContents,
  retry: number,
  bodyOf: (bytes: Uint8Array) => BodyDetail,
): RequestDetail[] {
  if (!attempt) return [];
  const told = (bytes: Uint8Array | typeof REDACTED | null) =>
    bytes === REDACTED ? ({ redacted: true } as const) : bytes && bodyOf(bytes);
  const { response, requestHeaders, ...shared } = attempt;
  return [
    {
      ...shared,
      retry,
      status: response?.status ?? null,
      requestId: response?.requestId ?? null,
      headers: requestHeaders,
      body: told(requestBody),
      chunks: requestChunks,
      response: response && {
        headersAtMs: response.headersAtMs,
        headers: response.headers,
        body: told(responseBody),
        chunks,
      },
    },
  ];
}

/** How many attempts before this one sent the same to the same place. Over a connection that stays open nothing is sent twice. */
function retriesBefore(attempts: readonly AttemptContents[], index: number): number {
  const { attempt, requestBody } = attempts[index] as AttemptContents;
  if (!attempt || !(requestBody instanceof Uint8Array) || /^wss?:/.test(attempt.url)) return 0;
  return attempts
    .slice(0, index)
    .filter(
      (before) =>
        before.attempt?.stage === attempt.stage &&
        before.attempt.url === attempt.url &&
        before.requestBody instanceof Uint8Array &&
        Buffer.compare(before.requestBody, requestBody) === 0,
    ).length;
}

/** Text whole, anything else described. */
export function describeBody(bytes: Uint8Array): BodyDetail {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes('\0')) return { text };
  } catch {
    // Not text.
  }
  return { byteLength: bytes.length, sha256: sha256(bytes) };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
