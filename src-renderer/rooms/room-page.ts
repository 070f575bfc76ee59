/**
 * The page that talks to a LiveKit server for the window, in a frame without anything to see. Only this page's policy
 * names that server, and only while there is a room: the window itself never talks to anybody but its core.
 */
import { type OpenRoom, type OpenRoomOptions, openRoom } from './open-room.ts';

declare global {
  interface Window {
    squelchOpenRoom?: (options: OpenRoomOptions) => Promise<OpenRoom>;
  }
}

window.squelchOpenRoom = openRoom;
