/** An agent that is really written with LiveKit Agents, in a room of a test's server and in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { installPeer, PEER_FOLDER } from '../../bench/peer-livekit/packages.ts';

export interface PeerAgent {
  readonly pid: number;
  stop(): Promise<void>;
}

/** @returns why it can't be had, in words; null when it can */
export function whyNoPeer(): string | null {
  try {
    installPeer();
    return null;
  } catch {
    return 'LiveKit Agents could not be installed: see that npm reaches its registry';
  }
}

/** @param tokens one for each room that it takes. Resolves when it is in all of them. */
export async function startPeerAgent(url: string, tokens: readonly string[], baseUrl: string): Promise<PeerAgent> {
  const task = JSON.stringify({ url, tokens, baseUrl });
  const child = spawn(process.execPath, [join(PEER_FOLDER, 'room-agent.mjs'), task], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('It ended'))),
  ]);
  return {
    pid: child.pid ?? 0,
    async stop() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
