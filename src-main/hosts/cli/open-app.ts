/** Opens the core for one command. */
import type { AppView } from '../../../src-preload/contract.ts';
import { type App, createApp } from '../../app.ts';
import { createMemorySecretStore } from '../../settings/secrets.ts';
import { guestPageFrom } from '../guest-page.ts';
import { resolveHome } from '../home.ts';
import { INSTALLATION } from '../installation.ts';
import { reportNotice } from './report.ts';

/**
 * What the core notices (a file set aside, a turn cut off, sound that can't be kept) a window shows by itself; a command
 * without one says it on standard error.
 * @param home from `--home`. @throws Fault see createApp
 */
export async function openApp(home: string | undefined, host: 'cli' | 'browser'): Promise<App> {
  const app = await createApp({
    home: resolveHome(home, process.env),
    host,
    secrets: createMemorySecretStore(),
    environment: process.env,
    openGuestPage: guestPageFrom(INSTALLATION.window),
  });
  if (host === 'cli') {
    const told = new Set<string>();
    const tell = ({ notices }: AppView) => {
      for (const notice of notices.filter(({ id }) => !told.has(id))) {
        told.add(notice.id);
        reportNotice(notice);
      }
    };
    const window = app.connect({
      event: (name, payload) => {
        if (name === 'app.changed') tell(payload as AppView);
      },
      packet: () => {},
    });
    tell((await window.invoke('app.get', {})) as AppView);
  }
  return app;
}
