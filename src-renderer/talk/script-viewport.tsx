/** The place of a script. It follows the newest words until the user scrolls away, and again once they are back. */
import './transcript.css';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { words } from '../i18n/words.ts';
import { DownIcon } from '../ui/icons.tsx';

/** As near to the end as counts as being there, in pixels. */
const NEAR = 48;

interface ScriptViewportProps {
  /** Of what came last: its coming is followed wherever the user is. */
  readonly newest: string | undefined;
  readonly children: ReactNode;
}

export function ScriptViewport({ newest, children }: ScriptViewportProps) {
  const viewport = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const lastTop = useRef(0);
  const [away, setAway] = useState(false);

  const follow = useCallback(() => {
    following.current = true;
    setAway(false);
    viewport.current?.scrollTo({ top: viewport.current.scrollHeight });
  }, []);

  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (following.current) viewport.current?.scrollTo({ top: viewport.current.scrollHeight });
    });
    for (const element of [viewport.current, content.current]) if (element) observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (newest) follow();
  }, [newest, follow]);

  const onScroll = () => {
    const element = viewport.current;
    if (!element) return;
    const { scrollTop } = element;
    // Words that arrive move the end away; only going up is the user's own wish.
    if (element.scrollHeight - scrollTop - element.clientHeight < NEAR) following.current = true;
    else if (scrollTop < lastTop.current) following.current = false;
    lastTop.current = scrollTop;
    setAway(!following.current);
  };

  return (
    <div className="transcript">
      {/* Scrolled by the keyboard too. */}
      <div
        ref={viewport}
        className="transcript-viewport"
        role="log"
        aria-label={words.talk.log}
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
      >
        <div ref={content} className="transcript-content">
          {children}
        </div>
      </div>
      {away && (
        <button type="button" className="button transcript-latest" onClick={follow}>
          <DownIcon />
          {words.talk.latest}
        </button>
      )}
    </div>
  );
}
