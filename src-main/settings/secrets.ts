/** Where provider keys are kept. Each host brings the safest place it has. */
import type { Stage } from '../../src-preload/settings.ts';

export interface SecretStore {
  /** False when keys are forgotten at exit. */
  readonly persistent: boolean;
  /** One sentence for the Settings screen: where keys are kept, or why they can't be. */
  readonly note: string;
  get(stage: Stage): Promise<string | null>;
  /** @throws Fault when the key can't be kept. */
  set(stage: Stage, key: string | null): Promise<void>;
}

/** Keeps keys until the process ends. */
export function createMemorySecretStore(): SecretStore {
  const keys = new Map<Stage, string>();
  return {
    persistent: false,
    note: 'Keys are kept until Squelch stops. Set OPENAI_API_KEY to have one at every start.',
    get: async (stage) => keys.get(stage) ?? null,
    set: async (stage, key) => {
      if (key === null) keys.delete(stage);
      else keys.set(stage, key);
    },
  };
}
