/** A conversation of the log, made ready to go on: what was said and heard, as the model shall remember it. */
import type { SessionView, TurnView } from '../../src-preload/contract.ts';
import type { Queries } from '../audit/reading/queries.ts';
import { ChatContext } from '../conversation/chat-context.ts';
import { Fault } from '../fault.ts';

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

/** @throws Fault `session-unknown`, and `session-kept` for a private conversation, which can't go on from the log */
export function loggedConversation(
  queries: Pick<Queries, 'getSession'>,
  sessionId: string,
  isPrivate: boolean,
): Resumable {
  if (isPrivate) {
    throw new Fault('session-kept', 'A conversation of the log can’t go on in private', {
      hint: 'Leave out one of the two.',
    });
  }
  const found = queries.getSession(sessionId);
  if (!found) {
    throw new Fault('session-unknown', `There is no conversation ${sessionId}`, { hint: 'Choose one from the list.' });
  }
  return resumable(found);
}

/** @param again a turn that is to be sent again: its words, if nothing answered them, are not said twice */
export function resumable({ session, turns }: LoggedSession, again?: string): Resumable {
  const said = turns.filter(({ id, reply }) => id !== again || reply.heardLength > 0);
  return { id: session.id, origin: session.id, agentId: session.agentId, context: contextOf(said), turns };
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
