/** A conversation of the log, made ready to go on: what was said and heard, as the model shall remember it. */
import type { SessionView, TurnView } from '../../src-preload/contract.ts';
import { ChatContext } from '../conversation/chat-context.ts';

export interface Resumable {
  /** null: another conversation, which only remembers this one. */
  readonly id: string | null;
  /** Whose words are remembered. */
  readonly origin: string;
  readonly agentId: string;
  readonly context: ChatContext;
  readonly turns: readonly TurnView[];
}

interface LoggedSession {
  readonly session: SessionView;
  readonly turns: readonly TurnView[];
}

export function resumable({ session, turns }: LoggedSession): Resumable {
  return { id: session.id, origin: session.id, agentId: session.agentId, context: contextOf(turns), turns };
}

/** A new conversation that remembers what was said before a turn. */
export function rememberedUntil({ session, turns }: LoggedSession, turnId: string): Resumable {
  const before = turns.slice(
    0,
    turns.findIndex(({ id }) => id === turnId),
  );
  return { id: null, origin: session.id, agentId: session.agentId, context: contextOf(before), turns: before };
}

function contextOf(turns: readonly TurnView[]): ChatContext {
  const context = new ChatContext();
  for (const { user, reply, outcome } of turns) {
    if (user.committed !== '') context.addMessage({ role: 'user', content: user.committed });
    const heard = reply.text.slice(0, reply.heardLength);
    if (heard !== '') context.addMessage({ role: 'assistant', content: heard, interrupted: outcome !== 'completed' });
  }
  return context;
}
