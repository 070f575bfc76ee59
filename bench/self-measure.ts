/** What a process says of itself while another drives it: a line of JSON for each line that it is told. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';

/** Since it was last asked. */
export interface SelfMeasured {
  readonly cpuMs: number;
  readonly residentMiB: number;
  /** How late the event loop was. */
  readonly lateMs: { readonly p50: number; readonly p99: number };
}

/** Tells an answer from what libraries have to say. */
export const ANSWER = 'answer ';
const RESOLUTION_MS = 10;

/** Says that it is ready, and answers until its standard input ends. @param commands besides `measure` */
export async function answerCommands(commands: Readonly<Record<string, () => Promise<unknown>>> = {}): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let cpu = process.cpuUsage();
  const measure = async (): Promise<SelfMeasured> => {
    const { user, system } = process.cpuUsage(cpu);
    const late = (percentile: number) => delay.percentile(percentile) / 1e6 - RESOLUTION_MS;
    const measured = {
      cpuMs: (user + system) / 1000,
      residentMiB: process.memoryUsage().rss / 2 ** 20,
      lateMs: { p50: late(50), p99: late(99) },
    };
    cpu = process.cpuUsage();
    delay.reset();
    return measured;
  };
  const known: typeof commands = { measure, ...commands };
  console.log('ready');
  for await (const command of createInterface(process.stdin)) {
    console.log(ANSWER + JSON.stringify((await known[command]?.()) ?? null));
  }
}
