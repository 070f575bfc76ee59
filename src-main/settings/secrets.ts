/** Where provider keys are kept. Each host brings the safest place it has. */
import type { Stage } from '../../src-preload/settings.ts';

/** A stage's key; or the key and secret of the LiveKit server, as JSON. */
export type SecretName = Stage | 'livekit';

export interface SecretStore {
  /** False when keys are forgotten at exit. */
  readonly persistent: boolean;
  /** One sentence for the Settings screen: where keys are kept, or why they can't be. */
  readonly note: string;
  /** Whether a key is kept that could not be read when it was last asked for: it may be readable now. */
  readonly unread: boolean;
  get(name: SecretName): Promise<string | null>;
  /** @throws Fault when the key can't be kept. */
  set(name: SecretName, key: string | null): Promise<void>;
}

/** Keeps keys until the process ends. */
export function createMemorySecretStore(): SecretStore {
  const keys = new Map<SecretName, string>();
  return {
    persistent: false,
    note: 'Keys are kept until Squelch stops. Set OPENAI_API_KEY to have one at every start.',
    unread: false,
    get: async (name) => keys.get(name) ?? null,
    set: async (name, key) => {
      if (key === null) keys.delete(name);
      else keys.set(name, key);
    },
  };
}
