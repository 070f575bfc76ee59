/** A real LiveKit server on ports of its own, for as long as a test runs. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccessToken, RoomServiceClient } from 'livekit-server-sdk';
import { mintToken, type TokenOptions } from '../../src-main/app/rooms/tokens.ts';
import { Room } from '../../src-main/transport/livekit/sdk.ts';
import { BAD_NETWORK_IP, BadNetwork, type NetworkOptions } from './bad-network.ts';

/** What `.ci/run` installs. */
const VERSION = 'v1.9.11';
/** Reached by its announced address alone: there is no way around the network. */
const BEHIND_BAD_NETWORK = {
  node_ip: BAD_NETWORK_IP,
  ips: { includes: ['127.0.0.1/32'] },
  enable_loopback_candidate: true,
  use_ice_lite: true,
  allow_tcp_fallback: false,
} as const;
const KEY = { apiKey: 'test-key', apiSecret: 'a-secret-of-at-least-thirty-two-characters' } as const;

/** Path of the server's program; null when there is none. */
export const LIVEKIT_SERVER = findServer();

/** For `describe.skipIf`: why, in the name of what is skipped. */
export const needsServer = (name: string): string =>
  LIVEKIT_SERVER
    ? name
    : `${name} (needs a LiveKit server: GOBIN=~/.cache/squelch/livekit go install github.com/livekit/livekit-server/cmd/server@${VERSION}, or set SQUELCH_LIVEKIT_SERVER to its path)`;

export interface LiveKitOptions {
  /** In each room; any number by default. */
  readonly maxParticipants?: number;
  /** Between the server and everybody else; a good one by default. */
  readonly network?: NetworkOptions;
}

export class LiveKitServer {
  readonly apiKey = KEY.apiKey;
  readonly apiSecret = KEY.apiSecret;
  readonly #port: number;
  readonly #config: string;
  readonly #network: BadNetwork | null;
  #process: ChildProcess | null = null;

  /** In a test of Vitest's, which it ends with. */
  static async start(options: LiveKitOptions = {}): Promise<LiveKitServer> {
    const { onTestFinished } = await import('vitest');
    const server = await LiveKitServer.launch(options);
    onTestFinished(() => server.kill());
    return server;
  }

  /** Ends when it is killed. */
  static async launch(options: LiveKitOptions = {}, attempts = 3): Promise<LiveKitServer> {
    const server = await LiveKitServer.#configure(options);
    try {
      await server.run();
      return server;
    } catch (thrown) {
      // Somebody else may have taken a port in between.
      if (attempts === 1) throw thrown;
      return LiveKitServer.launch(options, attempts - 1);
    }
  }

  static async #configure({ maxParticipants = 0, network }: LiveKitOptions): Promise<LiveKitServer> {
    const [port, tcpPort, udpPort] = await Promise.all([freePort(), freePort(), freePort()]);
    const bad = network ? await BadNetwork.open(network, { tcp: port, udp: udpPort }) : null;
    const rtc = { udp_port: udpPort, use_external_ip: false };
    const config = {
      port,
      bind_addresses: ['127.0.0.1'],
      rtc: bad ? { ...rtc, ...BEHIND_BAD_NETWORK } : { ...rtc, tcp_port: tcpPort, node_ip: '127.0.0.1' },
      keys: { [KEY.apiKey]: KEY.apiSecret },
      room: { max_participants: maxParticipants },
      logging: { level: 'error' },
    };
    return new LiveKitServer(port, JSON.stringify(config), bad);
  }

  private constructor(port: number, config: string, network: BadNetwork | null) {
    this.#port = port;
    this.#config = config;
    this.#network = network;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#network?.port ?? this.#port}`;
  }

  /** What has become of packets in a bad network. */
  get packets(): BadNetwork['packets'] {
    return this.#network?.packets ?? { passed: 0, lost: 0 };
  }

  /** What an app reads of its environment to use this server. */
  get environment(): Record<string, string> {
    return { LIVEKIT_URL: this.url, LIVEKIT_API_KEY: KEY.apiKey, LIVEKIT_API_SECRET: KEY.apiSecret };
  }

  token(options: Partial<TokenOptions> & Pick<TokenOptions, 'identity' | 'room'>): Promise<string> {
    return mintToken(KEY, { name: '', ttl: 600, ...options });
  }

  /** For somebody who may hear and not be heard. */
  listenerToken(room: string, identity: string): Promise<string> {
    const token = new AccessToken(KEY.apiKey, KEY.apiSecret, { identity });
    token.addGrant({ room, roomJoin: true, canPublish: false, canSubscribe: true, canPublishData: true });
    return token.toJwt();
  }

  /** Somebody whom nobody sees, who records: for the server the room is recorded as long as they are there. */
  async record(room: string, identity = 'recorder'): Promise<Room> {
    const token = new AccessToken(KEY.apiKey, KEY.apiSecret, { identity });
    token.addGrant({ room, roomJoin: true, canPublish: false, hidden: true, recorder: true });
    const recorder = new Room();
    await recorder.connect(this.url, await token.toJwt(), { autoSubscribe: false, dynacast: false });
    return recorder;
  }

  async makeRoom(name: string, maxParticipants: number): Promise<void> {
    await this.#service.createRoom({ name, maxParticipants });
  }

  /** Of the one room that is open there. */
  async onlyRoom(): Promise<string> {
    const [room, ...others] = await this.#service.listRooms();
    if (!room || others.length > 0) throw new Error(`${others.length + (room ? 1 : 0)} rooms are open`);
    return room.name;
  }

  /** Identities of those who are in a room. */
  async present(room: string): Promise<string[]> {
    const participants = await this.#service.listParticipants(room).catch(() => []);
    return participants.map(({ identity }) => identity);
  }

  /** Shows somebody out. */
  async remove(room: string, identity: string): Promise<void> {
    await this.#service.removeParticipant(room, identity);
  }

  get #service(): RoomServiceClient {
    return new RoomServiceClient(this.#address, KEY.apiKey, KEY.apiSecret);
  }

  /** Straight to it. */
  get #address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Resolves when it answers. @throws when it can't start */
  async run(): Promise<void> {
    const started = spawn(LIVEKIT_SERVER as string, ['--config-body', this.#config], { stdio: 'ignore' });
    this.#process = started;
    while (!(await this.#answers())) {
      if (started.exitCode !== null) throw new Error(`The LiveKit server ended with ${started.exitCode}`);
      await sleep(50);
    }
  }

  /** At once, without a farewell to anybody. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = null;
    if (!running || running.exitCode !== null) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(this.#address)).ok;
    } catch {
      return false;
    }
  }
}

function findServer(): string | null {
  const named = process.env.SQUELCH_LIVEKIT_SERVER;
  const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'livekit-server'));
  const cached = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'squelch', 'livekit', 'server');
  const candidates = [...(named ? [named] : []), ...onPath, cached, join(homedir(), 'go', 'bin', 'server')];
  return candidates.find((path) => existsSync(path)) ?? null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
