/** A conversation of the log, made ready to go on: what was said and heard, as the model shall remember it. */
import type { SessionView, TurnView } from '../../src-preload/contract.ts';
import { ChatContext } from '../conversation/chat-context.ts';

export interface Resumable {
  readonly id: string;
  readonly agentId: string;
  readonly context: ChatContext;
  readonly turns: readonly TurnView[];
}

export function resumable({ session, turns }: { session: SessionView; turns: readonly TurnView[] }): Resumable {
  const context = new ChatContext();
  for (const { user, reply, outcome } of turns) {
    if (user.committed !== '') context.addMessage({ role: 'user', content: user.committed });
    const heard = reply.text.slice(0, reply.heardLength);
    if (heard !== '') context.addMessage({ role: 'assistant', content: heard, interrupted: outcome !== 'completed' });
  }
  return { id: session.id, agentId: session.agentId, context, turns };
}
