/** A take's number, unique enough among those of every window: the stream number of its packets. */
export function newTakeId(): number {
  return ((crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 0xffff_ffff) + 1;
}
