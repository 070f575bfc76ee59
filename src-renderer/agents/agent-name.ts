/** The name of an agent as people know it; one that only another agent hands over to has its id alone. */
import type { AgentView } from '../../src-preload/agents-contract.ts';

export function nameOfAgent(agents: readonly AgentView[], agentId: string): string {
  return agents.find(({ id }) => id === agentId)?.name ?? agentId;
}
