/** Who is in the room: a ring around whoever can be heard, the key beside whoever has it, and how well each is connected. */
import './members.css';
import { roomWords } from '../i18n/room-words.ts';
import type { Member, Quality } from './room-state.ts';

const { members: told } = roomWords;

const BARS: Record<Quality, number> = { excellent: 3, good: 2, poor: 1, lost: 0, unknown: 0 };

export function Members({ members }: { members: readonly Member[] }) {
  return (
    <ul className="members" aria-label={told.label}>
      {members.map((member) => (
        <MemberItem key={member.identity} member={member} />
      ))}
    </ul>
  );
}

function MemberItem({ member: { name, isAgent, isSelf, speaking, holdsKey, quality } }: { member: Member }) {
  return (
    <li className="member" data-speaking={speaking} data-holds-key={holdsKey}>
      <span className="member-ring" aria-hidden="true">
        {initials(name)}
      </span>
      <span className="member-name">{name}</span>
      {(isSelf || isAgent) && <span className="member-note">{isSelf ? told.you : told.agent}</span>}
      {holdsKey && <span className="member-key">{told.holdsKey}</span>}
      {speaking && <span className="visually-hidden">{told.speaking}</span>}
      <QualityBars quality={quality} />
    </li>
  );
}

function QualityBars({ quality }: { quality: Quality }) {
  return (
    <span
      className="quality"
      data-quality={quality}
      role="img"
      aria-label={told.quality[quality]}
      title={told.quality[quality]}
    >
      {[1, 2, 3].map((bar) => (
        <span key={bar} className="quality-bar" data-on={bar <= BARS[quality]} />
      ))}
    </span>
  );
}

function initials(name: string): string {
  const [first = '', second = ''] = name.trim().split(/\s+/);
  return `${[...first][0] ?? ''}${[...second][0] ?? ''}`.toUpperCase();
}
