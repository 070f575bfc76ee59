/** Squelch as it is shipped: the built app in Electron, on a folder of its own, with a fake microphone that speaks. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, test as base, type ElectronApplication, expect, type Page } from '@playwright/test';
import { encodeWav } from '../../src-main/audio/wav.ts';
import type { PreloadApi } from '../../src-preload/bridge.ts';
import { quiet, speech } from '../support/speech.ts';
import { ELECTRON, ROOT, WHY_NO_ELECTRON } from './binary.ts';

export { expect };

declare global {
  interface Window {
    readonly squelchPreload?: PreloadApi;
  }
}

interface Fixtures {
  home: string;
  squelch: ElectronApplication;
  /** The window's page. */
  view: Page;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what a fixture needs from here
  home: async ({}, use) => {
    const home = await mkdtemp(join(tmpdir(), 'squelch-electron-'));
    await use(home);
    await rm(home, { recursive: true, force: true });
  },

  squelch: async ({ home }, use, testInfo) => {
    testInfo.skip(WHY_NO_ELECTRON !== null, WHY_NO_ELECTRON ?? '');
    const { ELECTRON_RUN_AS_NODE: _, OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, ...environment } = process.env;
    const microphone = join(home, 'microphone.wav');
    const said = await speech('Hello, can you hear me?');
    // The head of the file may be lost, its end is repeated.
    await writeFile(microphone, encodeWav(Int16Array.from([...quiet(300), ...said, ...quiet(400)]), 24_000));
    const squelch = await _electron.launch({
      executablePath: ELECTRON ?? '',
      args: [
        ROOT,
        '--home',
        home,
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${microphone}`,
      ],
      env: environment as Record<string, string>,
    });
    await use(squelch);
    await squelch.close();
  },

  view: async ({ squelch }, use) => {
    const view = await squelch.firstWindow();
    await expect(view.locator('[data-talk-key]')).toHaveAttribute('data-mode', 'idle');
    await use(view);
  },
});
