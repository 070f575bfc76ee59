/** A process that is measured, at the other end of self-measure.ts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ANSWER, type SelfMeasured } from './self-measure.ts';

export interface DrivenProcess {
  measure(): Promise<SelfMeasured>;
  ask(command: string): Promise<unknown>;
  stop(): Promise<void>;
}

/** Resolves when it is ready. */
export async function drive(script: string, task: unknown): Promise<DrivenProcess> {
  const child = spawn(process.execPath, [script, JSON.stringify(task)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} has ended`);
    return value;
  };
  while ((await next()) !== 'ready');
  const ask = async (command: string): Promise<unknown> => {
    child.stdin.write(`${command}\n`);
    for (let line = await next(); ; line = await next()) {
      if (line.startsWith(ANSWER)) return JSON.parse(line.slice(ANSWER.length));
    }
  };
  return {
    ask,
    measure: () => ask('measure') as Promise<SelfMeasured>,
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
