/** A guest in a room: microphone, loudspeaker and hand, without a core behind them. */
import { Capture } from '../audio/capture.ts';
import type { OpenRoom } from '../rooms/open-room.ts';
import { GuestTalk } from './guest-talk.ts';
import type { Invitation } from './invitation.ts';

export interface GuestSession {
  readonly room: OpenRoom;
  readonly talk: GuestTalk;
  readonly capture: Capture;
  /** The browser lets the page be heard after a gesture. */
  wake(): void;
  leave(): Promise<void>;
}

/** Call in a user gesture: it makes the room audible. */
export async function enterAsGuest({ url, token }: Invitation): Promise<GuestSession> {
  const context = new AudioContext();
  const sound = new MessageChannel();
  const listener = {
    opened: () => session.talk.opened(),
    muted: () => undefined,
    failed: (_takeId: number | null, fault: Parameters<GuestTalk['failed']>[0]) => session.talk.failed(fault),
  };
  // Made at once, so that its context belongs to the gesture.
  const capture = new Capture(sound.port1, listener);
  const { openRoom } = await import('../rooms/open-room.ts');
  const room = await openRoom({
    access: async () => ({ url, token }),
    mode: 'turns',
    capture: sound.port2,
    heard: null,
    context,
    refused: (takeId, fault) => {
      room.store.setState({ refusal: fault });
      session.talk.refused(takeId);
    },
  });
  const talk = new GuestTalk(capture, room);
  talk.attach();
  const session: GuestSession = {
    room,
    talk,
    capture,
    wake: () => void context.resume(),
    async leave() {
      talk.detach();
      await room.leave();
      capture.dispose();
      await context.close();
    },
  };
  return session;
}
