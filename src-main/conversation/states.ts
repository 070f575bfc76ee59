/** What user and agent are doing, as the turn's state machine has it. */
import type { AgentState, UserState } from './events.ts';
import type { TurnState } from './turn.ts';

export function userStateOf({ phase }: TurnState): UserState {
  return phase === 'recording' || phase === 'finishing' ? 'speaking' : 'idle';
}

export function agentStateOf({ phase }: TurnState): AgentState {
  if (phase === 'idle' || phase === 'thinking' || phase === 'speaking') return phase;
  return 'listening';
}
