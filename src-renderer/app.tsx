/** The frame around the screens: header, what the user should know, and one screen at a time. */
import './app.css';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { AgentsScreen } from './agents/agents-screen.tsx';
import { HistoryScreen } from './history/history-screen.tsx';
import { words } from './i18n/words.ts';
import { useServices, useWindow } from './services.ts';
import { SettingsScreen } from './settings/settings-screen.tsx';
import type { Screen } from './store.ts';
import { TalkScreen } from './talk/talk-screen.tsx';
import { Header } from './ui/header.tsx';
import { Notices } from './ui/notices.tsx';
import { attachShortcuts } from './ui/shortcuts.ts';

/** Not needed for talking: loaded when it is first opened. */
const VadLabScreen = lazy(async () => ({ default: (await import('./vad-lab/vad-lab-screen.tsx')).VadLabScreen }));

const SCREENS: Record<Screen, React.ComponentType> = {
  talk: TalkScreen,
  history: HistoryScreen,
  agents: AgentsScreen,
  lab: VadLabScreen,
  settings: SettingsScreen,
};

export function App() {
  const services = useServices();
  const screen = useWindow((state) => state.screen);
  const appearance = useWindow((state) => state.app?.settings.appearance);

  useEffect(() => attachShortcuts(services), [services]);
  useEffect(() => {
    document.documentElement.dataset.appearance = appearance ?? 'system';
  }, [appearance]);
  const shown = useRef(screen);
  useEffect(() => {
    if (shown.current !== screen) document.getElementById('content')?.focus();
    shown.current = screen;
    document.title = screen === 'talk' ? words.name : `${words.nav[screen]} · ${words.name}`;
  }, [screen]);

  const CurrentScreen = SCREENS[screen];
  return (
    <div className="app">
      <Header />
      <Notices />
      <main className="app-main" id="content" tabIndex={-1}>
        <Suspense>
          <CurrentScreen key={screen} />
        </Suspense>
      </main>
    </div>
  );
}
