/** The provider server of a benchmark, in a process of its own so that it shares no event loop with what is measured. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ServerProcess {
  readonly baseUrl: string;
  stop(): void;
}

/** Milliseconds from a request to the first byte of its answer. */
export interface Latencies {
  readonly stt: number;
  readonly llm: number;
  readonly tts: number;
}

export async function startServerProcess(latencies: Latencies): Promise<ServerProcess> {
  const script = fileURLToPath(new URL('fixed-latency-server.ts', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(latencies)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { baseUrl: line.toString().trim(), stop: () => void child.kill() };
}
