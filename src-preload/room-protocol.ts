/**
 * The names by which Squelch and every other LiveKit client understand each other in a room. The `lk.` names are those
 * of LiveKit's own components and its push-to-talk example; the others are Squelch's.
 */

export const RPC = {
  /** The caller presses the key. Answers START_ANSWER, or fails with KEY_HELD. */
  startTurn: 'start_turn',
  /** The caller lets go. */
  endTurn: 'end_turn',
  /** The caller takes back what it said, or leaves the queue. */
  cancelTurn: 'cancel_turn',
  /** The agent calls whoever waited: the key is theirs from the moment they answer. */
  turnGranted: 'turn_granted',
} as const;

/** `queued`: somebody else holds the key; `turn_granted` follows. */
export const START_ANSWER = { granted: 'ok', queued: 'queued' } as const;

/** Code of the RPC error of a refused `start_turn`; its `data` is the identity of whoever holds the key. */
export const KEY_HELD = 4_090;
/** Code of the RPC error when the turn can't begin for another reason; its `data` is a fault as JSON. */
export const TURN_REFUSED = 4_091;

export const TOPIC = { transcription: 'lk.transcription', chat: 'lk.chat' } as const;

/** Of text streams on `lk.transcription`. */
export const STREAM_ATTRIBUTE = {
  /** `true` or `false`. */
  final: 'lk.transcription_final',
  trackId: 'lk.transcribed_track_id',
  segmentId: 'lk.segment_id',
} as const;

/** Of the agent as a participant. */
export const AGENT_ATTRIBUTE = {
  /** `listening`, `thinking` or `speaking`. */
  state: 'lk.agent.state',
  /** Identity of whoever holds the key; empty when nobody does. */
  keyHolder: 'squelch.key.holder',
  /** Identities of those who wait for it, first first, as a JSON array. */
  keyQueue: 'squelch.key.queue',
} as const;

/** Stream number of what the window hears in a room that it joined as a client; takes count from 1. */
export const ROOM_SOUND_STREAM = 0;
