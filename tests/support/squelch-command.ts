/** Runs the real command line in a process of its own, as a shell would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const COMMAND_LINE = fileURLToPath(new URL('../../src-main/hosts/cli/index.ts', import.meta.url));

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What `--json` printed. */
  json(): unknown;
}

/** Providers are what the test says, never what this machine happens to have. */
export function startSquelch(args: readonly string[], environment: Record<string, string> = {}): ChildProcess {
  const { OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, SQUELCH_HOME: _home, ...inherited } = process.env;
  return spawn(process.execPath, [COMMAND_LINE, ...args], {
    env: { ...inherited, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export async function squelch(args: readonly string[], environment: Record<string, string> = {}): Promise<Finished> {
  const child = startSquelch(args, environment);
  if (!child.stdout || !child.stderr) throw new Error('The command has no output');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { status: child.exitCode, stdout, stderr, json: () => JSON.parse(stdout) };
}
