/**
 * Sessions as JSON and as JSON Lines: everything that the log holds of them, so that nothing has to be asked of the log
 * again. Written turn by turn. docs/exports.md describes the fields; what they mean changes only with `version`.
 */
import { PIPELINE_RATE, samplesToMs } from '../../audio/frame.ts';
import { type BodyDetail, describeBody } from '../reading/session-detail.ts';
import type { Exported, ExportedSession } from './exported.ts';
import type { Clip, TimelineTurn } from './timeline.ts';

const VERSION = 2;

/** One document: of one session its head, then `turns`; of several a head, then each of them in `sessions`. */
export function* jsonDocument(exported: Exported): Generator<string, void> {
  if (exported.sessionCount === 1) {
    for (const session of exported.sessions()) yield* document(session, exported);
    return;
  }
  const { startedAt, durationMs } = exported.timeline;
  const timeline = { startedAt, durationMs };
  yield `${JSON.stringify({ format: 'squelch-sessions', ...about(exported), timeline }).slice(0, -1)},"sessions":[`;
  let separator = '\n';
  for (const session of exported.sessions()) {
    yield separator;
    yield* document(session, exported);
    separator = ',\n';
  }
  yield ']}\n';
}

function* document(session: ExportedSession, exported: Exported): Generator<string, void> {
  yield `${JSON.stringify(head(session, exported)).slice(0, -1)},"turns":[`;
  let separator = '\n';
  for (const turn of turns(session)) {
    yield `${separator}${JSON.stringify(turn)}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}

/** The same by the line: of each session its head with `type: "session"`, then each turn with `type: "turn"`. */
export function* jsonLines(exported: Exported): Generator<string, void> {
  for (const session of exported.sessions()) {
    yield `${JSON.stringify({ type: 'session', ...head(session, exported) })}\n`;
    for (const turn of turns(session)) yield `${JSON.stringify({ type: 'turn', ...turn })}\n`;
  }
}

function about({ exportedAt, exportedBy, anchor }: Exported) {
  return { version: VERSION, exportedAt, exportedBy, anchor };
}

function head(exportedSession: ExportedSession, exported: Exported) {
  const { session, runs, faults, serverRecordings, partial, startMs, durationMs } = exportedSession;
  const timeline = { startedAt: exported.timeline.startedAt, startMs, durationMs };
  return {
    format: 'squelch-session',
    ...about(exported),
    session,
    partial,
    runs,
    faults,
    serverRecordings,
    timeline,
  };
}

function* turns({ turns, detailOf }: ExportedSession) {
  for (const { place } of turns) {
    const detail = detailOf(place.turnId, wholeBody);
    if (detail) yield { ...detail, timeline: placeOf(place) };
  }
}

function placeOf({ startMs, endMs, user, agent }: TimelineTurn) {
  return { startMs, endMs, user: user && clipOf(user), agent: agent.map(clipOf) };
}

function clipOf({ startMs, firstSample, samples }: Clip) {
  return { startMs, durationMs: samplesToMs(samples, PIPELINE_RATE), firstSample, samples };
}

function wholeBody(bytes: Uint8Array): BodyDetail {
  const body = describeBody(bytes);
  if ('text' in body) return body;
  return { ...body, base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') };
}
