/** What is in force after changes that follow each other closely. */
import { expect, test } from 'vitest';
import { createApp } from '../../../src-main/app.ts';
import { createMemorySecretStore, type SecretStore } from '../../../src-main/settings/secrets.ts';
import type { AppView } from '../../../src-preload/contract.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A keychain that answers the earlier question last. */
function slowStore(): { store: SecretStore; slowDown: () => void } {
  const memory = createMemorySecretStore();
  let slow = 0;
  return {
    slowDown: () => {
      slow = 3;
    },
    store: {
      ...memory,
      get: async (name) => {
        if (slow-- > 0) await new Promise((resolve) => setTimeout(resolve, 100));
        return memory.get(name);
      },
    },
  };
}

test('the last of two changes is in force, though the first was slower to take effect', async () => {
  const { store, slowDown } = slowStore();
  const app = await createApp({ home: await temporaryFolder(), host: 'cli', secrets: store, environment: {} });
  const window = app.connect({ event: () => {}, packet: () => {} });
  const choose = (model: string) =>
    window.invoke('settings.update', { llm: { baseUrl: 'http://127.0.0.1:9/v1', model } });
  await choose('first');
  slowDown();
  await Promise.all([choose('second'), choose('third')]);
  const { stages, settings } = (await window.invoke('app.get', {})) as AppView;
  expect(settings.llm.model).toBe('third');
  expect(stages.llm.label).toBe('openai/third');
  window.close();
  await app.close();
});
