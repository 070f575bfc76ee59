/** The frame in which the window's room lives; see room-page.ts for why. */
import type { OpenRoom, OpenRoomOptions } from './open-room.ts';

export interface FramedRoom extends OpenRoom {
  /** Leaves the room and takes the frame away. */
  leave(): Promise<void>;
}

export async function openFramedRoom(options: OpenRoomOptions): Promise<FramedRoom> {
  const frame = document.createElement('iframe');
  frame.src = './room.html';
  frame.hidden = true;
  const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
  document.body.append(frame);
  await loaded;
  const open = frame.contentWindow?.squelchOpenRoom;
  if (!open) {
    frame.remove();
    throw new Error('The room’s page could not be loaded');
  }
  const room = await open(options);
  return {
    ...room,
    async leave() {
      await room.leave();
      frame.remove();
    },
  };
}
