/** The agents of a home folder without an app around them: for commands that list them, also while an app runs. */
import { openSettings } from '../../settings/store.ts';
import { AgentCatalog } from './catalog.ts';
import { PersonaStore } from './persona-store.ts';
import { UserAgents } from './user/user-agents.ts';

/**
 * Runs the agent files that may run. Nothing of it stays running.
 * @param tell hears what the user should know of the files that are read
 */
export async function openCatalog(
  home: string,
  tell: (notice: { message: string; hint: string }) => void,
): Promise<AgentCatalog> {
  const { current } = openSettings(home, tell);
  const personas = new PersonaStore(home, tell);
  const userAgents = new UserAgents({
    home,
    isTaken: (id) => catalog.isTaken(id),
    onChange: () => {},
    onNotice: () => {},
  });
  const catalog: AgentCatalog = new AgentCatalog({
    personas,
    userAgents,
    surroundings: () => ({
      instructions: current.llm.instructions,
      documentsFolder: () => current.documents.folder,
      copy: () => false,
    }),
    mcpServers: () => current.mcp.map(({ name }) => name),
    onChange: () => {},
  });
  await userAgents.load();
  return catalog;
}
