/** An app that shares its conversation in a room of a real LiveKit server, with a provider behind it. */
import { onTestFinished } from 'vitest';
import { type App, createApp } from '../../src-main/app.ts';
import { createMemorySecretStore } from '../../src-main/settings/secrets.ts';
import type { SettingsPatch } from '../../src-preload/settings.ts';
import { type LiveKitOptions, LiveKitServer } from './livekit-server.ts';
import { type ProviderServer, type ProviderServerOptions, startProviderServer } from './provider-server.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { TestWindow } from './test-window.ts';

export interface SharedApp {
  readonly app: App;
  readonly window: TestWindow;
  readonly provider: ProviderServer;
  readonly livekit: LiveKitServer;
  /** Name of the room. */
  readonly room: string;
}

export interface SharedAppOptions extends ProviderServerOptions, LiveKitOptions {
  readonly rules?: NonNullable<SettingsPatch['rooms']>;
  /** What stands before the server. @returns its address */
  readonly before?: (livekit: LiveKitServer) => Promise<string>;
}

/** Nobody looks at it. */
const GUEST_PAGE = 'https://guests.example/page';

export async function startSharedApp(options: SharedAppOptions = {}): Promise<SharedApp> {
  const livekit = await LiveKitServer.start(options);
  const provider = await startProviderServer(options);
  onTestFinished(() => provider.close());
  const url = (await options.before?.(livekit)) ?? livekit.url;
  const app = await createApp({
    home: await temporaryFolder(),
    host: 'cli',
    secrets: createMemorySecretStore(),
    environment: {
      OPENAI_BASE_URL: provider.baseUrl,
      OPENAI_API_KEY: 'sk-test-credential',
      ...livekit.environment,
      LIVEKIT_URL: url,
    },
  });
  onTestFinished(() => app.close());
  const window = new TestWindow(app);
  await window.invoke('settings.update', { rooms: { guestPage: GUEST_PAGE, ...options.rules } });
  const { name } = await window.invoke('room.share', { name: 'Olga' });
  return { app, window, provider, livekit, room: name };
}
