/** The window in a real Chromium against the browser host, and in Electron where its binary can be had. */
import { defineConfig } from '@playwright/test';

/** Set by `npm test`; without it Playwright looks for its own. */
const chromium = process.env.SQUELCH_CHROMIUM;

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  globalSetup: './tests/electron/announce.ts',
  // Sound runs in real time: tests beside each other would starve it on a small machine.
  workers: 1,
  timeout: 30_000,
  expect: { timeout: 8_000 },
  forbidOnly: Boolean(process.env.CI),
  // Sound and a busy machine share one clock there: what passes at the second try is told as flaky, not as broken.
  retries: process.env.CI ? 1 : 0,
  reporter: 'list',
  use: { trace: 'retain-on-failure' },
  projects: [
    {
      name: 'browser',
      testMatch: 'browser/**/*.spec.ts',
      use: { launchOptions: { ...(chromium ? { executablePath: chromium } : {}) } },
    },
    { name: 'electron', testMatch: 'electron/**/*.spec.ts' },
    // `npm run pictures` alone, for it writes to docs/images.
    ...(process.env.SQUELCH_PICTURES
      ? [
          {
            name: 'pictures',
            testMatch: 'browser/pictures.ts',
            use: { launchOptions: { ...(chromium ? { executablePath: chromium } : {}) } },
          },
        ]
      : []),
  ],
});
