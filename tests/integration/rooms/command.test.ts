import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AgentDispatchClient } from 'livekit-server-sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EgressServer } from '../../support/egress-server.ts';
import { LIVEKIT_SERVER, LiveKitServer, needsServer } from '../../support/livekit-server.ts';
import { startProviderServer } from '../../support/provider-server.ts';
import { RoomPerson } from '../../support/room-person.ts';
import { speech } from '../../support/speech.ts';
import { squelch, startSquelch } from '../../support/squelch-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const question = await speech('What can you do for me today?');

interface Running {
  readonly livekit: LiveKitServer;
  readonly home: string;
  /** What the command printed when it was there. */
  readonly printed: Record<string, string>;
  /** Ends it in order. @returns the exit status and what it said */
  stop(): Promise<{ status: number | null; said: string }>;
}

interface StartOptions {
  /** What stands before the server. */
  readonly before?: (livekit: LiveKitServer) => Promise<{ readonly url: string }>;
  /** For the room `studio`, in place of the server's key. */
  readonly withToken?: boolean;
}

/** Runs `squelch room …` until it says that it is there. */
async function start({ before, withToken = false }: StartOptions, ...args: string[]): Promise<Running> {
  const livekit = await LiveKitServer.start();
  const url = (await before?.(livekit))?.url ?? livekit.url;
  const token = withToken ? ['--token', await livekit.token({ identity: 'agent', room: 'studio', agent: true })] : [];
  const provider = await startProviderServer({ transcript: 'What can you do?', reply: 'I can listen.' });
  onTestFinished(() => provider.close());
  const home = await temporaryFolder();
  const environment = {
    OPENAI_BASE_URL: provider.baseUrl,
    OPENAI_API_KEY: 'sk-test-credential',
    ...(withToken ? {} : livekit.environment),
    LIVEKIT_URL: url,
  };
  const child = startSquelch(['room', ...args, ...token, '--json', '--home', home], environment);
  onTestFinished(() => void child.kill('SIGKILL'));
  if (!child.stdout || !child.stderr) throw new Error('No output');
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    if (output.endsWith('}\n')) break;
  }
  return {
    livekit,
    home,
    printed: JSON.parse(output),
    async stop() {
      child.kill('SIGINT');
      await once(child, 'exit');
      return { status: child.exitCode, said };
    },
  };
}

describe.skipIf(!LIVEKIT_SERVER)(needsServer('squelch room'), { timeout: 60_000 }, () => {
  it('joins as an agent, answers, and leaves a log', async () => {
    const { livekit, home, printed, stop } = await start({}, 'join', '--room', 'studio', '--agent', 'keyword');
    const anna = await RoomPerson.join(livekit, { identity: 'anna', name: 'Anna', room: 'studio' });
    await anna.say(question);
    await anna.until(() => anna.wordsOf(printed.identity as string)[0]);
    const { status, said } = await stop();
    expect(status).toBe(0);
    expect(said).toContain('studio: Anna came.');
    const shown = (await squelch(['sessions', 'show', printed.sessionId as string, '--json', '--home', home])).json();
    expect(shown).toMatchObject({
      session: { agentId: 'keyword' },
      turns: [{ outcome: 'completed', speaker: { identity: 'anna', name: 'Anna' } }],
    });
  });

  it('lets the server record too, where it is asked and has the key', async () => {
    const before = (livekit: LiveKitServer) => EgressServer.start(livekit);
    const { livekit, home, printed, stop } = await start({ before }, 'join', '--room', 'studio', '--server-recording');
    const anna = await RoomPerson.join(livekit, { identity: 'anna', room: 'studio' });
    await anna.until(() => anna.room.isRecording);
    await anna.write('What can you do?');
    await anna.until(() => anna.wordsOf(printed.identity as string)[0]);
    expect((await stop()).status).toBe(0);
    const shown = (await squelch(['sessions', 'show', printed.sessionId as string, '--json', '--home', home])).json();
    expect(shown).toMatchObject({ serverRecordings: [{ room: 'studio', status: 'complete' }], faults: [] });
    expect((await squelch(['sessions', 'verify', '--json', '--home', home])).json()).toMatchObject({ ok: true });
  });

  it('says that the server can’t be asked to record with a token alone', async () => {
    const { stop } = await start({ withToken: true }, 'join', '--server-recording');
    const { status, said } = await stop();
    expect(status).toBe(0);
    expect(said).toContain('can’t be asked to record studio');
    expect(said).toContain('own recording goes on');
  });

  it('hears whoever speaks, without a key, and ends where they do', async () => {
    const { livekit, printed } = await start({}, 'join', '--room', 'studio', '--open-microphone');
    const anna = await RoomPerson.join(livekit, { identity: 'anna', room: 'studio' });
    await anna.agent();
    await anna.speak(question);
    await anna.speak(new Int16Array(24_000 * 2));
    await anna.until(() => anna.wordsOf(printed.identity as string)[0]);
    expect(anna.wordsOf('anna')).toEqual(['What can you do?']);
  });

  it('takes the rooms that the server dispatches, several at once', async () => {
    const { livekit, printed, stop } = await start({}, 'work', '--name', 'squelch');
    expect(printed.workerId).toMatch(/^AW_/);
    const rooms = ['north', 'south'];
    const client = new AgentDispatchClient(livekit.url.replace('ws', 'http'), livekit.apiKey, livekit.apiSecret);
    const people = await Promise.all(
      rooms.map((room) => RoomPerson.joinUnheardIn(livekit, { identity: `guest-${room}`, room })),
    );
    await Promise.all(rooms.map((room) => client.createDispatch(room, 'squelch')));
    for (const person of people) {
      const { identity } = await person.agent();
      await person.write('What can you do?');
      await person.until(() => person.wordsOf(identity)[0]);
    }
    expect((await stop()).status).toBe(0);
  });

  it('names what is wrong with a server, a key, a token or a full room', async () => {
    const livekit = await LiveKitServer.start({ maxParticipants: 1 });
    await RoomPerson.joinUnheardIn(livekit, { identity: 'anna', room: 'full' });
    const web = createServer((_, response) => response.end('Hello')).listen(0, '127.0.0.1');
    onTestFinished(() => void web.close());
    await once(web, 'listening');
    const { port } = web.address() as AddressInfo;
    const expired = await livekit.token({ identity: 'late', room: 'studio', ttl: -100 });
    const guest = await livekit.token({ identity: 'ben', room: 'full' });
    const cases: [code: string, args: string[], environment: Record<string, string>][] = [
      ['room-server-unknown', ['--room', 'studio'], { LIVEKIT_URL: '' }],
      ['room-key-missing', ['--room', 'studio'], { LIVEKIT_API_KEY: '' }],
      ['room-token-rejected', ['--room', 'studio'], { LIVEKIT_API_SECRET: 'another-secret-of-thirty-two-letters' }],
      ['room-token-expired', ['--token', expired], {}],
      // A place is kept for agents with a key of their own.
      ['room-full', ['--token', guest], {}],
      ['room-server-wrong', ['--room', 'studio', '--url', `ws://127.0.0.1:${port}`], { LIVEKIT_URL: '' }],
      ['room-server-unreachable', ['--room', 'studio', '--url', 'ws://127.0.0.1:1'], { LIVEKIT_URL: '' }],
      ['agent-unknown', ['--room', 'studio', '--agent', 'nobody'], {}],
    ];
    const home = await temporaryFolder();
    for (const [code, args, environment] of cases) {
      const failed = await squelch(['room', 'join', ...args, '--json', '--home', home], {
        ...livekit.environment,
        ...environment,
      });
      expect(failed.json(), code).toMatchObject({ error: { code } });
      expect(failed.status).toBe(1);
      expect(failed.stdout + failed.stderr).not.toContain('eyJ');
    }
    expect((await squelch(['room', 'join', '--home', home])).status).toBe(2);
  });
});
