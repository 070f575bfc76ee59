/** `squelch agents`: who can be talked to. */
import { SHIPPED_AGENTS } from '../../agents/shipped.ts';
import { EXIT, report } from './report.ts';

/** @returns the exit status. */
export function listAgents({ json }: { readonly json?: boolean }): number {
  const agents = SHIPPED_AGENTS.map(({ id, name, description }) => ({ id, name, description }));
  const width = Math.max(...agents.map(({ id }) => id.length));
  const lines = agents.map(({ id, description }) => `${id.padEnd(width)}  ${description}`);
  report(json ?? false, agents, lines.join('\n'));
  return EXIT.done;
}
