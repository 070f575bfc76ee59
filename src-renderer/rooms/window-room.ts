/**
 * The window's place in the room that its core is in. While a conversation is shared, it lets the others hear the
 * microphone; in a room with somebody else's agent it takes the turns there, and tells the core for the log.
 */
import type { FaultView } from '../../src-preload/contract.ts';
import type { RoomReport } from '../../src-preload/rooms-contract.ts';
import type { Services } from '../services.ts';
import type { State } from '../store.ts';
import type { OpenRoom } from './open-room.ts';
import { openFramedRoom } from './room-frame.ts';
import type { RoomState } from './room-state.ts';

/** It is left when the core has left it; resolves then. */
export async function enterRoom(services: Services): Promise<void> {
  const { bridge, capture, store } = services;
  const joined = store.getState().rooms?.room?.mode === 'joined';
  const context = new AudioContext();
  const microphone = new MessageChannel();
  const voice = joined ? new MessageChannel() : null;
  const report = (news: RoomReport) => void bridge.invoke('room.report', news).catch(() => undefined);
  const over = whenLeft(store);

  capture.tap(microphone.port1);
  let reports: () => void = () => undefined;
  const open = openFramedRoom({
    access: () => bridge.invoke('room.access', {}),
    mode: joined ? 'turns' : 'along',
    capture: microphone.port2,
    heard: voice?.port2 ?? null,
    context,
    refused: (_takeId, fault: FaultView) => {
      room.store.setState({ refusal: fault });
      report({ type: 'refused', fault });
    },
  });
  // Before it is told of the key: its first news come at once.
  const opening = open.then((opened) => {
    if (joined) reports = reportChanges(opened, report);
    return opened;
  });
  // What is said while the room is being opened waits in the port.
  const key = store.subscribe((state, before) => followKey(state, before.conversation.takeId, services, opening));
  followKey(store.getState(), null, services, opening);
  const room = await opening.catch(async (thrown) => {
    key();
    capture.tap(null);
    await context.close();
    throw thrown;
  });
  if (voice) capture.relay(voice.port1);
  store.setState({ room });

  const output = followOutput(services, context);
  const wake = () => void context.resume();
  window.addEventListener('pointerup', wake);
  window.addEventListener('keyup', wake);

  await over;
  for (const stop of [output, key, reports]) stop();
  window.removeEventListener('pointerup', wake);
  window.removeEventListener('keyup', wake);
  capture.tap(null);
  store.setState({ room: null });
  await room.leave();
  await context.close();
}

/** Resolves when the core has left the room, also while it is still being opened here. */
function whenLeft(store: Services['store']): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = store.subscribe((state) => {
      if (state.rooms?.room) return;
      unsubscribe();
      resolve();
    });
  });
}

/** The core decides when a take begins and ends; the room follows. */
function followKey(
  { conversation }: State,
  takeBefore: number | null,
  { capture }: Services,
  opening: Promise<OpenRoom>,
): void {
  const tell = (news: (key: OpenRoom['key']) => void) =>
    void opening.then(({ key }) => news(key)).catch(() => undefined);
  const { takeId } = conversation;
  if (takeId === takeBefore) return;
  if (takeBefore !== null) {
    if (conversation.phase === 'idle') tell((key) => key.cancel(takeBefore));
    else tell((key) => key.end(takeBefore));
  }
  // Another window's take has its sound there.
  if (takeId !== null && takeId === capture.takeId) tell((key) => key.begin(takeId));
}

/** The room is heard where replies are. */
function followOutput({ store }: Services, context: AudioContext): () => void {
  const choose = (state: State) => {
    const deviceId = state.app?.settings.audio.outputDeviceId ?? '';
    context.setSinkId(deviceId).catch(() => context.setSinkId(''));
  };
  choose(store.getState());
  return store.subscribe((state, before) => {
    if (state.app?.settings.audio.outputDeviceId !== before.app?.settings.audio.outputDeviceId) choose(state);
  });
}

const CONNECTIONS = {
  connecting: 'connecting',
  connected: 'connected',
  reconnecting: 'reconnecting',
  ended: 'disconnected',
} as const satisfies Record<RoomState['connection'], string>;

/** Tells the core what it needs for the log. @returns stops telling */
function reportChanges(room: OpenRoom, report: (news: RoomReport) => void): () => void {
  return room.store.subscribe((state, before) => {
    if (state.connection !== before.connection) {
      report({ type: 'connection', state: CONNECTIONS[state.connection], fault: state.fault });
    }
    if (state.sending !== before.sending) report({ type: 'sending', underWay: state.sending !== 'none' });
    if (state.agent !== before.agent || state.agentState !== before.agentState) {
      report({ type: 'agent', identity: state.agent, state: state.agentState });
    }
    if (state.lines === before.lines) return;
    const known = new Set(before.lines);
    for (const { id, identity, text, final, typed } of state.lines.filter((line) => !known.has(line))) {
      const role = identity === state.identity ? 'user' : identity === state.agent ? 'agent' : null;
      if (role && !typed) report({ type: 'transcript', role, segmentId: id, text, final });
    }
  });
}
