/** LiveKit's native threads keep a process alive until they are told to end; after that there can't be a room any more. */

let dispose: (() => Promise<void>) | null = null;

/** Called once the native code is loaded. */
export function disposeAtExit(work: () => Promise<void>): void {
  dispose = work;
}

/** For whoever ends the process, when every app in it is closed. */
export async function endNativeThreads(): Promise<void> {
  await dispose?.();
}
