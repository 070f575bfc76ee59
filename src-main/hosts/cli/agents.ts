/** `squelch agents`: who can be talked to, and agents of one's own. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentView } from '../../../src-preload/agents-contract.ts';
import { openCatalog } from '../../app/agents/open-catalog.ts';
import { writeStarter } from '../../app/agents/user/starter.ts';
import { dataFolder } from './data-folder.ts';
import { EXIT, explained, mention, report, reportNotice } from './report.ts';

interface AgentsOptions {
  readonly json?: boolean;
  readonly home?: string;
}

/** @returns the exit status. */
export async function listAgents({ json, home }: AgentsOptions): Promise<number> {
  const agents = (await openCatalog(dataFolder(home), reportNotice)).all();
  const width = Math.max(...agents.map(({ id }) => id.length));
  report(json ?? false, agents, agents.map((agent) => `${agent.id.padEnd(width)}  ${aboutOf(agent)}`).join('\n'));
  return EXIT.done;
}

/** @returns the exit status. @throws Fault see writeStarter */
export function newAgent(name: string, { json, home }: AgentsOptions): number {
  const path = writeStarter(join(dataFolder(home), 'agents'), name);
  report(json ?? false, { id: name, path }, `${path}\nSwitch it on with \`squelch agents enable ${name}\`.`);
  return EXIT.done;
}

/** @returns the exit status: failed when it was not allowed, or does not load. @throws Fault */
export async function enableAgent(id: string, { json, home, yes }: AgentsOptions & { yes?: boolean }): Promise<number> {
  const catalog = await openCatalog(dataFolder(home), reportNotice);
  const file = catalog.all().find((agent) => agent.id === id)?.file;
  if (file && !yes && existsSync(file)) {
    const lines = readFileSync(file, 'utf8').split('\n').length;
    mention(`${file} is code, ${lines} lines: it can do on this machine whatever you can, also once it has changed.`);
    mention(`Read it first. Then allow it: \`squelch agents enable ${id} --yes\`.`);
    return EXIT.failed;
  }
  await catalog.setEnabled(id, true);
  const agent = catalog.all().find((one) => one.id === id);
  report(json ?? false, agent, agent?.error ? explained(agent.error) : `${id} is on.`);
  return agent?.error ? EXIT.failed : EXIT.done;
}

/** @returns the exit status. @throws Fault */
export async function disableAgent(id: string, { json, home }: AgentsOptions): Promise<number> {
  const catalog = await openCatalog(dataFolder(home), reportNotice);
  await catalog.setEnabled(id, false);
  report(
    json ?? false,
    catalog.all().find((agent) => agent.id === id),
    `${id} is off.`,
  );
  return EXIT.done;
}

function aboutOf({ kind, enabled, error, description, name }: AgentView): string {
  if (error) return `does not work: ${error.message}`;
  if (!enabled) return 'off: an agent file that you have not allowed to run';
  if (kind === 'shipped') return description;
  return [kind === 'persona' ? `persona ${name}` : name, description].filter(Boolean).join(': ');
}
