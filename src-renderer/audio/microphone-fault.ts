/** What went wrong with the microphone, in words: which one, and the way out. The recording so far is never blamed. */
import type { FaultView } from '../../src-preload/contract.ts';
import { words } from '../i18n/words.ts';

/** @param error what `getUserMedia` rejected with. @param label of the microphone, when known. */
export function microphoneFault(error: { readonly name: string; readonly message: string }, label: string | null) {
  const name = label ?? words.microphone.unnamed;
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return fault('microphone-denied', words.microphone.denied(name));
    case 'NotFoundError':
    case 'OverconstrainedError':
      return fault('microphone-missing', words.microphone.missing);
    case 'NotReadableError':
    case 'AbortError':
      return fault('microphone-busy', words.microphone.busy(name));
    default:
      return fault('microphone-failed', words.microphone.failed(name, error.message));
  }
}

/** The microphone went away while it was being used. */
export function microphoneLost(label: string | null): FaultView {
  return fault('microphone-lost', words.microphone.lost(label ?? words.microphone.unnamed));
}

function fault(code: string, text: { readonly message: string; readonly hint: string }): FaultView {
  return { stage: 'capture', code, ...text };
}
