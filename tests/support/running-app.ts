/** A whole app in a home folder of its own, with a provider to talk to and a window to watch. */
import { onTestFinished } from 'vitest';
import { type App, createApp } from '../../src-main/app.ts';
import { createMemorySecretStore } from '../../src-main/settings/secrets.ts';
import { type ProviderServer, type ProviderServerOptions, startProviderServer } from './provider-server.ts';
import { TestWindow } from './test-window.ts';

export interface RunningApp {
  readonly app: App;
  readonly window: TestWindow;
  readonly server: ProviderServer;
}

/** @param home is the caller's to make and to remove */
export async function startApp(home: string, options: ProviderServerOptions = {}): Promise<RunningApp> {
  const server = await startProviderServer(options);
  onTestFinished(() => server.close());
  const app = await createApp({
    home,
    host: 'cli',
    secrets: createMemorySecretStore(),
    environment: { OPENAI_BASE_URL: server.baseUrl, OPENAI_API_KEY: 'sk-test-credential' },
  });
  onTestFinished(() => app.close());
  return { app, window: new TestWindow(app), server };
}
