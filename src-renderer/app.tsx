/** The frame around the screens: header, what the user should know, and one screen at a time. */
import './app.css';
import { Suspense, useEffect, useRef } from 'react';
import { words } from './i18n/words.ts';
import { useServices, useWindow } from './services.ts';
import type { Screen } from './store.ts';
import { TalkScreen } from './talk/talk-screen.tsx';
import { Header } from './ui/header.tsx';
import { Notices } from './ui/notices.tsx';
import { part } from './ui/part.tsx';
import { attachShortcuts } from './ui/shortcuts.ts';

/** Not needed for talking. */
const loadHistory = async () => (await import('./history/history-screen.tsx')).HistoryScreen;
const loadAgents = async () => (await import('./agents/agents-screen.tsx')).AgentsScreen;
const loadVadLab = async () => (await import('./vad-lab/vad-lab-screen.tsx')).VadLabScreen;
const loadSettings = async () => (await import('./settings/settings-screen.tsx')).SettingsScreen;

const SCREENS: Record<Screen, React.ComponentType> = {
  talk: TalkScreen,
  history: part(loadHistory),
  agents: part(loadAgents),
  lab: part(loadVadLab),
  settings: part(loadSettings),
};

export function App() {
  const services = useServices();
  const screen = useWindow((state) => state.screen);
  const appearance = useWindow((state) => state.app?.settings.appearance);

  useEffect(() => attachShortcuts(services), [services]);
  useEffect(() => {
    // Soon wanted, and then there at once, also while Squelch can't be reached.
    const idle = requestIdleCallback(() => void Promise.allSettled([loadHistory(), loadAgents(), loadSettings()]));
    return () => cancelIdleCallback(idle);
  }, []);
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
