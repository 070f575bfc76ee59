/** What the settings are about, and where among them one is. */
import './settings-contents.css';
import { type RefObject, useEffect, useState } from 'react';
import { logWords } from '../i18n/log-words.ts';
import { words } from '../i18n/words.ts';
import { sectionId } from '../ui/section.tsx';

const { contents, sections } = words.settings;
const { anchors, backups, prices, retention, telemetry } = logWords;

const GROUPS = [
  {
    name: contents.models,
    titles: [sections.connect, sections.stt, sections.llm, sections.tts, words.toolServers.title, sections.documents],
  },
  { name: contents.talking, titles: [sections.audio, sections.talk, sections.vad, words.roomSettings.title] },
  { name: contents.log, titles: [retention.title, backups.title, anchors.title, telemetry.title, prices.title] },
  { name: contents.squelch, titles: [sections.appearance, sections.about] },
] as const;

const TITLES = GROUPS.flatMap(({ titles }): readonly string[] => titles);
/** How far below the top a section may begin to be the one that is read. */
const READING_PX = 96;

export function SettingsContents({ scroller }: { scroller: RefObject<HTMLElement | null> }) {
  const [current, setCurrent] = useState(TITLES[0]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onScroll = () => setCurrent(titleAt(element));
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, [scroller]);

  return (
    <nav className="panes-list settings-contents" aria-label={contents.label}>
      {GROUPS.map(({ name, titles }) => (
        <div key={name}>
          <p className="panes-heading" aria-hidden="true">
            {name}
          </p>
          <ul aria-label={name}>
            {titles.map((title) => (
              <li key={title}>
                <a
                  className="panes-row settings-link"
                  href={`#${sectionId(title)}`}
                  aria-current={title === current ? 'true' : undefined}
                >
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

/** The end of the page is the last section's, which is too short to come to the top. */
function titleAt(scroller: HTMLElement): string | undefined {
  const top = scroller.getBoundingClientRect().top + READING_PX;
  const atEnd = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1;
  if (atEnd) return TITLES.at(-1);
  return TITLES.findLast((title) => {
    const section = document.getElementById(sectionId(title));
    return section && section.getBoundingClientRect().top <= top;
  });
}
