/** Where you are, where you can go, and whether the microphone is live. */
import './header.css';
import { lazy, Suspense, useState } from 'react';
import { words } from '../i18n/words.ts';
import { useServices, useWindow } from '../services.ts';
import type { Screen } from '../store.ts';
import { PeopleIcon, PlusIcon } from './icons.tsx';
import { ProductName } from './product-name.tsx';
import { newConversation, shortcutText } from './shortcuts.ts';

const TogetherDialog = lazy(() => import('../rooms/together-dialog.tsx'));

const SCREENS: readonly Screen[] = ['talk', 'history', 'agents', 'lab', 'settings'];

export function Header() {
  const services = useServices();
  const current = useWindow((state) => state.screen);
  // In a shared conversation the core may hear somebody else's microphone.
  const live = useWindow(
    ({ conversation }) =>
      conversation.takeId !== null &&
      conversation.takeId === services.capture.takeId &&
      conversation.phase !== 'arming',
  );
  const inRoom = useWindow((state) => Boolean(state.rooms?.room));
  const [together, setTogether] = useState(false);
  const host = useWindow((state) => state.app?.host);
  const platform = useWindow((state) => state.app?.platform);

  return (
    <header className="header">
      <a className="header-skip" href="#content">
        {words.skip}
      </a>
      <ProductName />
      <nav className="header-nav" aria-label={words.nav.label}>
        {SCREENS.map((screen, index) => (
          <button
            key={screen}
            type="button"
            className="header-tab"
            aria-current={screen === current ? 'page' : undefined}
            title={shortcutText(String(index + 1), host, platform)}
            onClick={() => services.store.setState({ screen })}
          >
            {words.nav[screen]}
            {screen === 'talk' && live && current !== 'talk' && (
              <span className="header-live" role="img" aria-label={words.nav.live} />
            )}
          </button>
        ))}
      </nav>
      {!inRoom && (
        <button
          type="button"
          className="button button-quiet"
          aria-label={words.nav.together}
          title={words.nav.togetherHint}
          onClick={() => setTogether(true)}
        >
          <PeopleIcon />
          <span className="header-new-text">{words.nav.together}</span>
        </button>
      )}
      {together && (
        <Suspense fallback={null}>
          <TogetherDialog onClose={() => setTogether(false)} />
        </Suspense>
      )}
      <button
        type="button"
        className="button button-quiet"
        aria-label={words.nav.newConversation}
        title={shortcutText('N', host, platform)}
        onClick={() => newConversation(services)}
      >
        <PlusIcon />
        <span className="header-new-text">{words.nav.newConversation}</span>
      </button>
    </header>
  );
}
