/** What the commands about agents, personas and tools do. */

import type { agentCommands } from '../../../src-preload/agents-contract.ts';
import type { Core } from '../core.ts';
import type { Handlers } from '../handler.ts';

export function agentHandlers(core: Core): Pick<Handlers, keyof typeof agentCommands> {
  return {
    'agents.list': () => core.agents.catalog.all(),
    'agents.select': async ({ agentId }, transport) => {
      await core.selectAgent(agentId, transport);
      return {};
    },
    'agents.setEnabled': async ({ agentId, enabled }) => {
      await core.agents.catalog.setEnabled(agentId, enabled);
      return {};
    },
    'personas.save': ({ id, ...persona }) => core.agents.catalog.savePersona(id, persona),
    'personas.delete': async ({ id }) => {
      core.agents.catalog.deletePersona(id);
      const { agentVad } = core.app.settings;
      const others = agentVad.filter(({ agentId }) => agentId !== id);
      if (others.length < agentVad.length) await core.updateSettings({ agentVad: others });
      return {};
    },
    'mcp.status': () => core.agents.mcp.status,
    'tools.decide': async ({ approvalId, decision }) => {
      const { server } = core.agents.approvals.decide(approvalId, decision);
      if (decision === 'always') await core.updateSettings({ mcp: core.agents.allowing(server) });
      return {};
    },
  };
}
