/** What is said in a room, as a script: who speaks in the margin, words that may still change in lighter ink. */
import '../talk/turn-script.css';
import { formatTime } from '../i18n/format.ts';
import { words } from '../i18n/words.ts';
import { ScriptViewport } from '../talk/script-viewport.tsx';
import type { RoomLine } from './transcript-lines.ts';

interface RoomScriptProps {
  readonly lines: readonly RoomLine[];
  /** Whose words are one's own. */
  readonly self: string;
  /** Shown while nothing has been said. */
  readonly children: React.ReactNode;
}

export function RoomScript({ lines, self, children }: RoomScriptProps) {
  return (
    <ScriptViewport newest={lines.at(-1)?.id}>
      {lines.length === 0 && children}
      {lines.map((line) => (
        <Line key={`${line.identity} ${line.id}`} line={line} isSelf={line.identity === self} />
      ))}
    </ScriptViewport>
  );
}

function Line({ line: { name, text, final, at }, isSelf }: { line: RoomLine; isSelf: boolean }) {
  const speaker = isSelf ? words.talk.you : name;
  return (
    <article className="turn line" aria-label={`${speaker} ${formatTime(at)}`} data-final={final}>
      <p className="line-margin">
        <span className="speaker">{speaker}</span>
        <time className="line-time evidence" dateTime={new Date(at).toISOString()}>
          {formatTime(at)}
        </time>
      </p>
      <p className={final ? 'said' : 'said said-tentative'} dir="auto">
        {text}
      </p>
    </article>
  );
}
