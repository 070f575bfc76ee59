/** The running conversation as its windows see it. */
import type { ConversationView } from '../../src-preload/contract.ts';
import type { AgentSession } from '../conversation/session.ts';

/** @param about whether it has turns, and whether nothing of it is kept */
export function conversationView(
  { id, state, currentAgent }: AgentSession,
  about: { readonly begun: boolean; readonly isPrivate: boolean },
): ConversationView {
  return {
    sessionId: about.begun ? id : null,
    agentId: currentAgent.id,
    phase: state.phase,
    turnId: state.phase === 'idle' ? null : state.turnId,
    takeId: 'takeId' in state ? state.takeId : null,
    locked: 'hold' in state && (state.hold === 'locked' || state.hold === 'locking'),
    private: about.isPrivate,
  };
}
