/**
 * The part of the contract that is about LiveKit rooms. A window connects to a room by itself, with an address and a
 * token from here; keys and secrets stay in the core.
 *
 * While a conversation is shared the core is in the room as the agent, and the window as its owner: the owner presses
 * with `talk.press` as ever, and publishes the microphone for the others besides. In a room that was joined, the window
 * talks with somebody else's agent, and the core writes the log: `talk.press`, `talk.release` and `talk.cancel` open and
 * end the turn, capture packets bring what was said, packets of ROOM_SOUND_STREAM what was heard, `room.report` the rest.
 */
import { z } from 'zod';
import { fault } from './fault-view.ts';

const nothing = z.object({});
const identity = z.string().min(1).max(200);
const url = z.url({ protocol: /^(wss?|https?)$/, error: 'must be a URL that starts with ws:// or wss://' });
const token = z.string().min(1).max(10_000);

const connectionState = z.enum(['connecting', 'connected', 'reconnecting', 'disconnected']);

const participant = z.object({
  identity: z.string(),
  name: z.string(),
  /** `owner`: whoever sits at this machine. `guest`: came by a link. `other`: came with a token of somebody else's. */
  role: z.enum(['owner', 'guest', 'agent', 'other']),
  /** Can be heard right now. */
  speaking: z.boolean(),
  holdsKey: z.boolean(),
  connectionQuality: z.enum(['excellent', 'good', 'poor', 'lost', 'unknown']),
});
export type RoomParticipant = z.infer<typeof participant>;

const guest = z.object({
  /** Also the guest's identity in the room. */
  id: z.string(),
  name: z.string(),
  /** For the guest alone: whoever has it can come in. */
  link: z.string(),
  /** Milliseconds since the epoch. */
  expiresAt: z.number(),
  revoked: z.boolean(),
});
export type RoomGuest = z.infer<typeof guest>;

const room = z.object({
  /** `sharing`: the conversation of this window. `joined`: somebody else's agent. */
  mode: z.enum(['sharing', 'joined']),
  name: z.string(),
  url: z.string(),
  /** The core's own connection while sharing; the window's, as it reports it, in a room that was joined. */
  connection: connectionState,
  /** As whom the window is in the room. */
  identity: z.string(),
  /** Identity of the agent; null when none is there. */
  agent: z.string().nullable(),
  /** Everybody in the room while sharing; empty in a room that was joined, where the window sees them itself. */
  participants: z.array(participant),
  /** Identities of those who wait for the key, first first. */
  queue: z.array(z.string()),
  guests: z.array(guest),
  /** What went wrong last and has not been mended. */
  fault: fault.nullable(),
});
export type RoomView = z.infer<typeof room>;

const server = z.object({
  /** From the settings, else LIVEKIT_URL; null when none is known. */
  url: z.string().nullable(),
  /** Where key and secret come from; never they themselves. */
  credentials: z.enum(['none', 'stored', 'session', 'environment']),
});

const rooms = z.object({ server, room: room.nullable() });
export type RoomsView = z.infer<typeof rooms>;

const rules = z.object({
  whenHeld: z.enum(['refuse', 'queue']).optional(),
  listening: z.enum(['push-to-talk', 'open-microphone']).optional(),
  serverRecording: z.boolean().optional(),
});

/** With a token, or with one that the core makes; without an address at the server of the settings. */
const serveRoom = z.object({
  url: url.optional(),
  room: identity,
  token: token.optional(),
  /** The one of the settings if left out. */
  agentId: z.string().min(1).max(100).optional(),
  rules: rules.optional(),
});
export type ServeRoom = z.output<typeof serveRoom>;

const workRooms = z.object({
  url: url.optional(),
  /** Rooms that ask for this name get the agent; with an empty one, every room does. */
  name: z.string().max(100),
  agentId: z.string().min(1).max(100).optional(),
  rules: rules.optional(),
});
export type WorkRooms = z.output<typeof workRooms>;

const servedRoom = z.object({
  id: z.string(),
  room: z.string(),
  /** In the log, once something was said. */
  sessionId: z.string(),
  agentId: z.string(),
  /** Of the agent in the room. */
  identity: z.string(),
  connection: connectionState,
  people: z.array(z.object({ identity: z.string(), name: z.string() })),
  keyHolder: z.string().nullable(),
  fault: fault.nullable(),
});
export type ServedRoomView = z.infer<typeof servedRoom>;

const report = z.discriminatedUnion('type', [
  /** The whole text of a segment so far, of what the user said or of what the agent says. */
  z.object({
    type: z.literal('transcript'),
    role: z.enum(['user', 'agent']),
    segmentId: z.string().max(200),
    text: z.string().max(100_000),
    final: z.boolean(),
  }),
  /** The agent of the room, and its `lk.agent.state`; `identity: null` when it left. */
  z.object({ type: z.literal('agent'), identity: identity.nullable(), state: z.string().max(100).nullable() }),
  /** The agent did not take the turn: an RPC was refused, failed or got no answer. */
  z.object({ type: z.literal('refused'), fault }),
  /** What was said is still on its way, for as long as the network or somebody else's turn takes: no answer can be due. */
  z.object({ type: z.literal('sending'), underWay: z.boolean() }),
  z.object({ type: z.literal('connection'), state: connectionState, fault: fault.nullable() }),
]);
export type RoomReport = z.output<typeof report>;

export const roomCommands = {
  'room.get': { input: nothing, output: rooms },
  /** Kept where provider keys are kept; null forgets them. */
  'room.setCredentials': {
    input: z.object({
      credentials: z
        .object({ apiKey: z.string().trim().min(1).max(500), apiSecret: z.string().trim().min(1).max(1_000) })
        .nullable(),
    }),
    output: nothing,
  },
  /** Really asks the server of the settings something, with its key. */
  'room.test': {
    input: nothing,
    output: z.object({ ok: z.boolean(), elapsedMs: z.number(), detail: z.string(), error: fault.nullable() }),
  },
  /** Shares the conversation in progress in a new room. Resolves when the agent is in it. */
  'room.share': { input: z.object({ name: z.string().trim().min(1).max(60) }), output: room },
  /** A link for one guest, of the room that is shared. */
  'room.invite': {
    input: z.object({
      name: z.string().trim().min(1).max(60),
      expiresInMs: z
        .int()
        .min(60_000)
        .max(30 * 24 * 3_600_000),
    }),
    output: guest,
  },
  /** The link is worth nothing any more, and whoever came by it is shown out. */
  'room.revoke': { input: z.object({ guestId: z.string().min(1).max(200) }), output: nothing },
  /** A room with somebody else's agent: with a token, or by the room's name with one that the core makes. */
  'room.join': {
    input: z.union([z.object({ url, token }), z.object({ room: identity, name: z.string().trim().min(1).max(60) })]),
    output: room,
  },
  /** What the window connects with. Ask again before every attempt: tokens made here are good for minutes. */
  'room.access': { input: nothing, output: z.object({ url: z.string(), token: z.string() }) },
  /** What the window sees in a room that was joined. */
  'room.report': { input: report, output: nothing },
  /** An agent goes into a room that nobody here sits at, in a conversation of its own. */
  'room.serve': { input: serveRoom, output: servedRoom },
  /** Agents go into the rooms that the server dispatches. */
  'room.work': { input: workRooms, output: z.object({ workerId: z.string() }) },
  /** Ends sharing, or leaves. A turn in flight ends first and is kept. */
  'room.leave': { input: nothing, output: nothing },
} as const;

export const roomEvents = {
  'room.changed': rooms,
  /** Every room that is served now. */
  'room.serving': z.array(servedRoom),
  /** Whether the server that dispatches rooms can be reached. */
  'room.working': z.object({ fault: fault.nullable() }),
} as const;
