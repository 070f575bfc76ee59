/** Whom the app begins with: the agent of the settings. One that can't be had any more must not keep it from starting. */
import { DEFAULT_SETTINGS } from '../../../src-preload/settings.ts';
import { toFault } from '../../fault.ts';
import type { Notices } from '../notices.ts';
import type { AgentCatalog, Chosen } from './catalog.ts';

export function startingAgent(catalog: AgentCatalog, agentId: string, notices: Notices): Chosen {
  try {
    return catalog.make(agentId);
  } catch (thrown) {
    const { message, hint } = toFault(thrown);
    notices.add({ level: 'warning', message: `${message}: you talk to the assistant.`, hint });
    return catalog.make(DEFAULT_SETTINGS.agent);
  }
}
