/** What is in force after changes that follow each other closely. */
import { expect, onTestFinished, test } from 'vitest';
import { createApp } from '../../../src-main/app.ts';
import { createMemorySecretStore, type SecretStore } from '../../../src-main/settings/secrets.ts';
import type { AppView } from '../../../src-preload/contract.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A keychain whose next answers are late, and those after them refused. */
function slowStore() {
  const memory = createMemorySecretStore();
  let late = 0;
  let refused = 0;
  const store: SecretStore = {
    ...memory,
    get: async (name) => {
      if (late-- > 0) await new Promise((resolve) => setTimeout(resolve, 100));
      else if (refused-- > 0) throw new Error('the keychain is locked');
      return memory.get(name);
    },
  };
  return {
    store,
    disturb: (next: { late: number; refused: number }) => {
      ({ late, refused } = next);
    },
  };
}

async function start(store: SecretStore) {
  const app = await createApp({ home: await temporaryFolder(), host: 'cli', secrets: store, environment: {} });
  const window = app.connect({ event: () => {}, packet: () => {} });
  onTestFinished(async () => {
    window.close();
    await app.close();
  });
  return {
    choose: (model: string) => window.invoke('settings.update', { llm: { baseUrl: 'http://127.0.0.1:9/v1', model } }),
    inForce: async () => (await window.invoke('app.get', {})) as AppView,
  };
}

test('the last of two changes is in force, though the first was slower to take effect', async () => {
  const { store, disturb } = slowStore();
  const { choose, inForce } = await start(store);
  await choose('first');
  disturb({ late: 3, refused: 0 });
  await Promise.all([choose('second'), choose('third')]);
  const { stages, settings } = await inForce();
  expect(settings.llm.model).toBe('third');
  expect(stages.llm.label).toBe('openai/third');
});

test('a change that can’t be put in force says so, and takes nothing from the one before it', async () => {
  const { store, disturb } = slowStore();
  const { choose, inForce } = await start(store);
  await choose('first');
  disturb({ late: 3, refused: 3 });
  const [second, third] = await Promise.allSettled([choose('second'), choose('third')]);
  expect(second.status).toBe('fulfilled');
  expect(third).toMatchObject({
    reason: { code: 'change-not-used', message: expect.stringContaining('the keychain is locked') },
  });
  expect((await inForce()).stages.llm.label).toBe('openai/second');
  await choose('fourth');
  expect((await inForce()).stages.llm.label).toBe('openai/fourth');
});
