/** Hands files that the window was given to the core, piece by piece. */
import type { Bridge } from '../../src-preload/bridge.ts';

/** A multiple of three: base64 then has no padding but the last. */
const PIECE_BYTES = 510_000;

/** @throws when one can't be read or kept, and when the signal says so */
export async function uploadFiles(
  bridge: Bridge,
  sourceId: string,
  files: readonly File[],
  signal: AbortSignal,
  done: (files: number) => void,
): Promise<void> {
  for (const [index, file] of files.entries()) {
    for (let offset = 0; offset === 0 || offset < file.size; offset += PIECE_BYTES) {
      signal.throwIfAborted();
      const data = await base64Of(file.slice(offset, offset + PIECE_BYTES));
      await bridge.invoke('vadLab.upload', { sourceId, name: file.name, offset, data });
    }
    done(index + 1);
  }
  signal.throwIfAborted();
}

/** The browser's own encoder, beside the window's thread. */
function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,?/, ''));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
