/** The key, as a room knows it. Sound of the take comes by the capture's port meanwhile. */
export interface RoomKey {
  begin(takeId: number): void;
  /** The take is complete. */
  end(takeId: number): void;
  cancel(takeId: number): void;
}
