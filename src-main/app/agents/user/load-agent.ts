/** Runs an agent file of the user's. Whatever is wrong with it becomes a fault that names the file and the line. */
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { Agent } from '../../../conversation/agent.ts';
import { Fault } from '../../../fault.ts';
import { agentKit } from './agent-kit.ts';

/** An agent file that has run. */
export interface LoadedAgent {
  readonly name: string;
  readonly description: string;
  readonly mcpServers: readonly string[];
  /** For one conversation. @throws Fault `agent-broken` */
  make(): Agent;
}

const LOAD_TIMEOUT_MS = 10_000;

const exportsSchema = z.object({
  default: z.custom<(squelch: typeof agentKit) => unknown>((value) => typeof value === 'function', {
    error: 'must be a function that is given Squelch’s parts and returns an agent',
  }),
  name: z.string().min(1).optional(),
  description: z.string().optional(),
  mcpServers: z.array(z.string()).optional(),
});

/**
 * @param id the file's name without its ending; its agent must have the same
 * @param version changes with the file's text: the same version is not run again
 * @throws Fault `agent-broken`
 */
export async function loadAgent(path: string, id: string, version: string): Promise<LoadedAgent> {
  const module = exportsSchema.safeParse(await run(path, version));
  if (!module.success) {
    const [issue] = module.error.issues;
    throw broken(path, `its export ${issue?.path.join('.')} ${issue?.message}`, null);
  }
  const { default: makeAgent, name = id, description = '', mcpServers = [] } = module.data;
  const make = () => {
    let made: unknown;
    try {
      made = makeAgent(agentKit);
    } catch (thrown) {
      throw broken(path, messageOf(thrown), thrown);
    }
    if (!(made instanceof Agent)) throw broken(path, 'its function must return an agent', null);
    if (made.id === id) return made;
    throw broken(path, `its agent has the id ${JSON.stringify(made.id)}; it must be that of the file, "${id}"`, null);
  };
  make();
  return { name, description, mcpServers, make };
}

async function run(path: string, version: string): Promise<unknown> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(broken(path, `it was not loaded within ${LOAD_TIMEOUT_MS / 1000} s`, null)),
    LOAD_TIMEOUT_MS,
  );
  try {
    const url = pathToFileURL(path);
    // Modules are kept by their URL: another one runs the changed file.
    url.searchParams.set('version', version);
    return await Promise.race([import(url.href), late]);
  } catch (thrown) {
    throw thrown instanceof Fault ? thrown : broken(path, messageOf(thrown), thrown);
  } finally {
    clearTimeout(timer);
  }
}

function broken(path: string, reason: string, cause: unknown): Fault {
  const line = lineOf(path, cause);
  const place = line === null ? basename(path) : `${basename(path)}:${line}`;
  return new Fault('agent-broken', `${place}: ${reason}`, {
    hint: 'Mend the file; it is loaded again as soon as it is saved.',
    stage: 'hook',
    cause,
  });
}

/** The line of the file at which it was thrown, as the stack has it; null when it does not say. */
function lineOf(path: string, thrown: unknown): number | null {
  if (!(thrown instanceof Error)) return null;
  const name = basename(path).replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const line = new RegExp(`${name}(?:\\?[^\\s:)]*)?:(\\d+)`).exec(thrown.stack ?? '')?.[1];
  return line === undefined ? null : Number(line);
}

function messageOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return message.split('\n', 1)[0] ?? '';
}
