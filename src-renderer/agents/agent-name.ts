/** The name of an agent as people know it; of one that only another agent hands over to, its id as words. */
import type { AgentView } from '../../src-preload/agents-contract.ts';

export function nameOfAgent(agents: readonly AgentView[], agentId: string): string {
  return agents.find(({ id }) => id === agentId)?.name ?? asWords(agentId);
}

function asWords(id: string): string {
  return id.charAt(0).toUpperCase() + id.slice(1).replaceAll('-', ' ');
}
