/** The script of the conversation. It follows the newest words until the user scrolls away, and again once they are back. */
import './transcript.css';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TurnView } from '../../src-preload/contract.ts';
import { words } from '../i18n/words.ts';
import { DownIcon } from '../ui/icons.tsx';
import { EmptyState } from './empty-state.tsx';
import { TurnScript } from './turn-script.tsx';

/** As near to the end as counts as being there, in pixels. */
const NEAR = 48;

interface TranscriptProps {
  readonly turns: readonly TurnView[];
  readonly onRetry: (turnId: string) => void;
}

export function Transcript({ turns, onRetry }: TranscriptProps) {
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

  const newest = turns.at(-1)?.id;
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

  const sentAgain = useMemo(() => new Set(turns.map((turn) => turn.retryOf)), [turns]);
  const shown = turns.filter((turn) => !isStrayTap(turn));
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
          {shown.length === 0 && <EmptyState />}
          {shown.map((turn) => (
            <TurnScript key={turn.id} turn={turn} sentAgain={sentAgain.has(turn.id)} onRetry={onRetry} />
          ))}
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

/** A lone tap, with the wait for a second one: it is in the log, but says nothing worth a line here. */
function isStrayTap({ outcome, source, user }: TurnView): boolean {
  return outcome === 'cancelled' && source === 'voice' && user.audioMs < 1_050;
}
