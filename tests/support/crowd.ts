/** People in many rooms, in a process of their own: what they cost is not what an agent costs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Crowd {
  /** All hold the key, say something and let go. @returns how many were answered */
  speak(): Promise<number>;
  stop(): Promise<void>;
}

/** @param tokens one for each of them. Resolves when all are in their rooms and can be heard. */
export async function gather(url: string, tokens: readonly string[]): Promise<Crowd> {
  const script = fileURLToPath(new URL('room-crowd.ts', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify({ url, tokens })], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('The people are gone');
    return value;
  };
  await next();
  return {
    async speak() {
      child.stdin.write('speak\n');
      return Number(await next());
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
