/** Which nodes and hooks an agent has of its own, whether by a class, a function or an assignment. */
import { Agent } from '../../conversation/agent.ts';

const NODES = ['sttNode', 'llmNode', 'ttsNode', 'transcriptionNode', 'realtimeAudioOutputNode'] as const;
const HOOKS = ['onEnter', 'onExit', 'onUserTurnCompleted', 'onUserTurnExceeded'] as const;

export function overridesOf(agent: Agent): { nodes: string[]; hooks: string[] } {
  const isOwn = (name: (typeof NODES)[number] | (typeof HOOKS)[number]) => agent[name] !== Agent.prototype[name];
  return { nodes: NODES.filter(isOwn), hooks: HOOKS.filter(isOwn) };
}
