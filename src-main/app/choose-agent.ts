/** Makes the agent that a conversation begins with, and what it shares with those it hands over to. */
import { SHIPPED_AGENTS, type Surroundings } from '../agents/shipped.ts';
import type { Agent } from '../conversation/agent.ts';
import { Fault } from '../fault.ts';

/** @throws Fault `agent-unknown` */
export function chooseAgent(id: string, surroundings: Surroundings): { agent: Agent; userData: unknown } {
  const chosen = SHIPPED_AGENTS.find((shipped) => shipped.id === id);
  if (!chosen) {
    throw new Fault('agent-unknown', `There is no agent ${JSON.stringify(id)}`, {
      hint: 'Choose one of those that `squelch agents` lists.',
    });
  }
  return { agent: chosen.make(surroundings), userData: chosen.makeUserData?.() ?? null };
}
