/**
 * What a screen reader is told. Not every change of the script: only that the microphone is live, what was understood,
 * what went wrong, that a call waits for an answer, and a reply that was not spoken aloud anyway.
 */
import { useEffect, useState } from 'react';
import type { TurnView } from '../../src-preload/contract.ts';
import { words } from '../i18n/words.ts';
import { useServices } from '../services.ts';
import type { State } from '../store.ts';
import { keyMode } from './key-face.ts';
import { troubleOf } from './turn-trouble.tsx';

export function Announcer() {
  const { store } = useServices();
  const [text, setText] = useState('');
  useEffect(
    () =>
      store.subscribe((state, before) => {
        const news = newsOf(state, before);
        if (news) setText(news);
      }),
    [store],
  );
  return (
    <p className="visually-hidden" role="status" aria-live="polite">
      {text}
    </p>
  );
}

function newsOf(state: State, before: State): string | null {
  const mode = keyMode(state);
  if (mode !== keyMode(before) && (mode === 'recording' || mode === 'locked')) return words.key[mode];
  const asked = state.approvals.find((approval) => !before.approvals.includes(approval));
  if (asked) return `${words.agents.approval.ask(asked.tool, asked.server)} ${words.agents.approval.keysHint}`;
  const turn = state.turns.at(-1);
  const turnBefore = before.turns.at(-1);
  return turn && turn.id === turnBefore?.id ? newsOfTurn(turn, turnBefore) : null;
}

function newsOfTurn(turn: TurnView, before: TurnView): string | null {
  if (turn.phase === 'thinking' && before.phase === 'transcribing') return words.talk.announceYou(turn.user.committed);
  if (turn.outcome === null || before.outcome !== null) return null;
  const trouble = troubleOf(turn);
  const reply = turn.reply.text && turn.reply.heardLength === 0 ? words.talk.announceReply(turn.reply.text) : '';
  return trouble ? `${reply} ${trouble.message} ${trouble.hint}`.trim() : reply || null;
}
