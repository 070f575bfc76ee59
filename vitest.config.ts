/** Units and integration, both on the real parts: SQLite, ONNX, audio, HTTP. The browser and Electron are Playwright's. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // Importing `electron` outside Electron tries to download it; a test that reaches it must fail instead.
    alias: { electron: fileURLToPath(new URL('tests/support/no-electron.ts', import.meta.url)) },
  },
  test: {
    include: ['tests/unit/**/*.test.ts', 'tests/integration/**/*.test.ts'],
    environment: 'node',
    testTimeout: 15_000,
    hookTimeout: 30_000,
    retry: process.env.CI ? 1 : 0,
    // Native modules (SQLite, ONNX) and child processes want a process of their own.
    pool: 'forks',
    restoreMocks: true,
    unstubEnvs: true,
  },
});
