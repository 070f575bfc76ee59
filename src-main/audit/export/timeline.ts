/**
 * When each side of a session was heard, as one line of time that begins with the first turn. Sound stands where it
 * really sounded; only what was passed through faster than it plays (a recording from a file, a reply that nobody
 * listened to in real time) takes the room it needs, and what follows then comes that much later.
 */
import { PIPELINE_RATE, samplesToMs } from '../../audio/frame.ts';
import type { ReplyRecord } from '../chain/records.ts';
import type { TurnContents, TurnRow } from '../reading/turn-contents.ts';

/** A piece of a turn's recording at its place. */
export interface Clip {
  /** Relative to the home folder. */
  readonly file: string;
  /** First sample of the recording that is heard here. */
  readonly firstSample: number;
  readonly samples: number;
  /** From the start of the timeline. */
  readonly startMs: number;
}

export interface TimelineTurn {
  readonly turnId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly user: Clip | null;
  /** Several where the playback stood still in between; none when nothing was heard. */
  readonly agent: readonly Clip[];
}

export interface Timeline {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly turns: readonly TimelineTurn[];
}

export interface LoggedTurn {
  readonly row: TurnRow;
  readonly contents: TurnContents;
}

/** A voice that is interrupted falls silent a moment after the other one begins: so much overlap is real. */
const OVERLAP_MS = 250;
/** Reports of what was heard come late by chance; playback stood still only when they stay late by more than this. */
const STALL_MS = 40;
/** Kept silent after the last sound, so that no format has to end on it. */
const RUN_OUT_MS = 25;
/** The first sample was taken this long before its frame came. */
const FRAME_MS = 20;

/** @param turns in the order in which they began */
export function timelineOf(turns: readonly LoggedTurn[]): Timeline {
  const startedAt = turns[0]?.row.started_at ?? 0;
  const exported = new Set(turns.map(({ row }) => row.id));
  /** How much later than in reality everything is from here on. */
  let delayMs = 0;
  /** Where the last sound ends. */
  let soundingUntilMs = 0;

  /** @returns where sound that began at `startMs` really can stand */
  function place(startMs: number, samples: number): number {
    const wantedMs = startMs + delayMs;
    if (wantedMs < soundingUntilMs - OVERLAP_MS) delayMs += soundingUntilMs - wantedMs;
    const placedMs = startMs + delayMs;
    soundingUntilMs = Math.max(soundingUntilMs, placedMs + samplesToMs(samples, PIPELINE_RATE));
    return placedMs;
  }

  const placed = turns.map(({ row, contents }): TimelineTurn => {
    const beganMs = row.started_at - startedAt;
    const heardBefore = row.source === 'retry' && row.retry_of !== null && exported.has(row.retry_of);
    const recording = heardBefore ? null : contents.user;
    const user = recording && {
      ...recording,
      firstSample: 0,
      startMs: place(beganMs + captureStart(contents), recording.samples),
    };
    const agent = heardPieces(contents).map(({ atMs, firstSample, samples }) => ({
      file: contents.agent?.file ?? '',
      firstSample,
      samples,
      startMs: place(beganMs + atMs, samples),
    }));
    const startMs = Math.min(beganMs + delayMs, user?.startMs ?? Number.POSITIVE_INFINITY);
    const clips = [...(user ? [user] : []), ...agent];
    const endedMs = (row.ended_at ?? row.started_at) - startedAt + delayMs;
    const endMs = Math.max(startMs, endedMs, ...clips.map(endOf));
    return { turnId: row.id, startMs, endMs, user, agent };
  });
  const runOutMs = soundingUntilMs > 0 ? soundingUntilMs + RUN_OUT_MS : 0;
  const durationMs = placed.reduce((latest, { endMs }) => Math.max(latest, endMs), runOutMs);
  return { startedAt, durationMs, turns: placed };
}

/** Timelines one after the other, with so much silence in between. */
export function joined(timelines: readonly Timeline[], pauseMs: number): Timeline {
  const [only] = timelines;
  if (only && timelines.length === 1) return only;
  let offsetMs = 0;
  const turns: TimelineTurn[] = [];
  for (const timeline of timelines) {
    for (const turn of timeline.turns) turns.push(moved(turn, offsetMs));
    offsetMs += timeline.durationMs + pauseMs;
  }
  return { startedAt: only?.startedAt ?? 0, durationMs: Math.max(0, offsetMs - pauseMs), turns };
}

function moved({ turnId, startMs, endMs, user, agent }: TimelineTurn, byMs: number): TimelineTurn {
  const move = (clip: Clip): Clip => ({ ...clip, startMs: clip.startMs + byMs });
  return { turnId, startMs: startMs + byMs, endMs: endMs + byMs, user: user && move(user), agent: agent.map(move) };
}

export function endOf({ startMs, samples }: Clip): number {
  return startMs + samplesToMs(samples, PIPELINE_RATE);
}

/** From the start of the turn. A turn that crashed has not noted it. */
function captureStart({ outcome }: TurnContents): number {
  const recording = outcome?.phases.find(({ phase }) => phase === 'recording');
  return Math.max(0, (recording?.atMs ?? 0) - FRAME_MS);
}

interface HeardPiece {
  /** From the start of the turn. */
  readonly atMs: number;
  readonly firstSample: number;
  readonly samples: number;
}

/** What was heard of the reply, and when. */
function heardPieces({ agent, reply, outcome }: TurnContents): HeardPiece[] {
  const heardSamples = Math.min(reply?.heardSamples ?? 0, agent?.samples ?? 0);
  if (heardSamples === 0) return [];
  const phaseAt = (name: string) => outcome?.phases.find(({ phase }) => phase === name)?.atMs;
  const earliestMs = phaseAt('thinking') ?? 0;
  const starts = playbackStarts(reply?.playback ?? []).filter(({ sample }) => sample < heardSamples);
  if (starts.length === 0) starts.push({ sample: 0, atMs: phaseAt('speaking') ?? earliestMs });
  return starts.map(({ sample, atMs }, index) => {
    const end = starts[index + 1]?.sample ?? heardSamples;
    return { atMs: Math.max(earliestMs, atMs), firstSample: sample, samples: end - sample };
  });
}

/**
 * Where playback began and where it went on after it had stood still. A report can come late but never early, so that
 * the earliest of those still to come tells how far behind playback was.
 */
function playbackStarts(reports: ReplyRecord['playback']): { sample: number; atMs: number }[] {
  const starts: { sample: number; atMs: number }[] = [];
  const behindMs = reports.map(({ atMs, samples }) => atMs - samplesToMs(samples, PIPELINE_RATE));
  for (let index = behindMs.length - 2; index >= 0; index--) {
    behindMs[index] = Math.min(behindMs[index] as number, behindMs[index + 1] as number);
  }
  let currentMs = Number.NEGATIVE_INFINITY;
  for (const [index, delayMs] of behindMs.entries()) {
    if (delayMs <= currentMs + STALL_MS) continue;
    const sample = reports[index - 1]?.samples ?? 0;
    starts.push({ sample, atMs: delayMs + samplesToMs(sample, PIPELINE_RATE) });
    currentMs = delayMs;
  }
  return starts;
}
