/**
 * A session as JSON and as JSON Lines: everything that the log holds of it, so that nothing has to be asked of the log
 * again. Written turn by turn. docs/exports.md describes the fields; what they mean changes only with `version`.
 */
import { PIPELINE_RATE, samplesToMs } from '../../audio/frame.ts';
import { type BodyDetail, describeBody } from '../session-detail.ts';
import type { ExportedSession } from './exported-session.ts';
import type { Clip, TimelineTurn } from './timeline.ts';

const FORMAT = 'squelch-session';
const VERSION = 1;

/** One document: its head, then `turns`. */
export function* jsonDocument(session: ExportedSession): Generator<string, void> {
  yield `${JSON.stringify(head(session)).slice(0, -1)},"turns":[`;
  let separator = '\n';
  for (const turn of turns(session)) {
    yield `${separator}${JSON.stringify(turn)}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}

/** The same by the line: the head with `type: "session"`, then each turn with `type: "turn"`. */
export function* jsonLines(session: ExportedSession): Generator<string, void> {
  yield `${JSON.stringify({ type: 'session', ...head(session) })}\n`;
  for (const turn of turns(session)) yield `${JSON.stringify({ type: 'turn', ...turn })}\n`;
}

function head({ session, runs, timeline, anchor, exportedAt, exportedBy }: ExportedSession) {
  const { startedAt, durationMs } = timeline;
  return {
    format: FORMAT,
    version: VERSION,
    exportedAt,
    exportedBy,
    session,
    runs,
    anchor,
    timeline: { startedAt, durationMs },
  };
}

function* turns({ timeline, detailOf }: ExportedSession) {
  for (const place of timeline.turns) {
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
