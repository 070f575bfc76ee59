/**
 * What a screen reader is told. Not every change of the script: only that the microphone is live, what was understood,
 * what was discarded or went wrong, that a call waits for an answer, and a reply that was not spoken aloud anyway.
 * Each is a paragraph of its own, so that the same words are told again, and none is lost to one that comes at once.
 */
import { useEffect, useState } from 'react';
import type { TurnView } from '../../src-preload/contract.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import type { State } from '../store.ts';
import { keyMode } from './key-face.ts';
import { troubleOf } from './turn-trouble.tsx';

/** Longer than it takes to read them out, they would only be in the way of whoever reads the page. */
const KEPT = 3;

export function Announcer() {
  const { store } = useServices();
  const [told, setTold] = useState<readonly { readonly number: number; readonly text: string }[]>([]);
  useEffect(() => {
    let number = 0;
    return store.subscribe((state, before) => {
      const news = newsOf(state, before).map((text) => ({ number: number++, text }));
      if (news.length > 0) setTold((earlier) => [...earlier, ...news].slice(-KEPT));
    });
  }, [store]);
  return (
    <div className="visually-hidden" role="status" aria-live="polite" aria-atomic="false">
      {told.map(({ number, text }) => (
        <p key={number}>{text}</p>
      ))}
    </div>
  );
}

function newsOf(state: State, before: State): string[] {
  const mode = keyMode(state);
  const live = mode !== keyMode(before) && (mode === 'recording' || mode === 'locked');
  const asked = state.approvals.filter((approval) => !before.approvals.includes(approval));
  const turn = state.turns.at(-1);
  const turnBefore = before.turns.at(-1);
  return [
    ...(live ? [words.key[mode]] : []),
    ...asked.map(({ tool, server }) => `${words.agents.approval.ask(tool, server)} ${words.agents.approval.keysHint}`),
    ...(turn && turn !== turnBefore && turn.id === turnBefore?.id ? newsOfTurn(turn, turnBefore) : []),
  ];
}

function newsOfTurn(turn: TurnView, before: TurnView): string[] {
  if (turn.phase === 'thinking' && before.phase === 'transcribing')
    return [words.talk.announceYou(turn.user.committed)];
  if (turn.outcome === null || before.outcome !== null) return [];
  const trouble = troubleOf(turn);
  return [
    ...(turn.reply.text && turn.reply.heardLength === 0 ? [words.talk.announceReply(turn.reply.text)] : []),
    ...(trouble ? [`${trouble.message} ${trouble.hint}`] : []),
    ...(turn.outcome === 'cancelled' ? [words.talk.announceDiscarded] : []),
  ];
}
