/** Opens the core for one command. */
import { type App, createApp } from '../../app.ts';
import { createMemorySecretStore } from '../../settings/secrets.ts';
import { resolveHome } from '../home.ts';

/** @param home from `--home`. @throws Fault see createApp */
export function openApp(home: string | undefined, host: 'cli' | 'browser'): Promise<App> {
  return createApp({
    home: resolveHome(home, process.env),
    host,
    secrets: createMemorySecretStore(),
    environment: process.env,
  });
}
