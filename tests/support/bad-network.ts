/**
 * A bad network before a LiveKit server: whatever goes to it or comes from it is late, and of its packets of sound and
 * data some never arrive. Stands in for netem, which not every kernel has and nobody may use but root.
 */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

export interface NetworkOptions {
  /** Of the packets, from 0 to 1, on each way. */
  readonly loss: number;
  /** Milliseconds, on each way. */
  readonly delayMs: number;
}

/** Where the server is told that it can be reached; it listens at 127.0.0.1. */
export const BAD_NETWORK_IP = '127.0.0.2';

export class BadNetwork {
  readonly #options: NetworkOptions;
  readonly #udp = createSocket('udp4');
  /** The server takes each of these for somebody's address. */
  readonly #behind = new Map<string, UdpSocket>();
  readonly #tcp: Server;
  readonly #connections = new Set<Socket>();
  readonly #random = seeded(10);
  readonly #packets = { passed: 0, lost: 0 };

  /** @param ports of the server: for its signals, and for sound and data */
  static async open(
    options: NetworkOptions,
    ports: { readonly tcp: number; readonly udp: number },
  ): Promise<BadNetwork> {
    const network = new BadNetwork(options, ports);
    network.#udp.bind(ports.udp, BAD_NETWORK_IP);
    await once(network.#udp, 'listening');
    network.#tcp.listen(0, '127.0.0.1');
    await once(network.#tcp, 'listening');
    return network;
  }

  private constructor(options: NetworkOptions, ports: { readonly tcp: number; readonly udp: number }) {
    this.#options = options;
    this.#udp.on('message', (packet, { address, port }) => {
      const behind = this.#socketOf(address, port);
      this.#later(() => behind.send(packet, ports.udp, '127.0.0.1'));
    });
    this.#tcp = createServer((near) => {
      const far = connect(ports.tcp, '127.0.0.1');
      this.#carry(near, far);
      this.#carry(far, near);
    });
  }

  /** Of the server's signals. */
  get port(): number {
    return (this.#tcp.address() as AddressInfo).port;
  }

  /** What has become of the packets so far. */
  get packets(): { readonly passed: number; readonly lost: number } {
    return this.#packets;
  }

  close(): void {
    this.#udp.close();
    for (const socket of this.#behind.values()) socket.close();
    this.#tcp.close();
    for (const socket of this.#connections) socket.destroy();
  }

  #socketOf(address: string, port: number): UdpSocket {
    const name = `${address}:${port}`;
    const known = this.#behind.get(name);
    if (known) return known;
    const behind = createSocket('udp4');
    behind.on('message', (packet) => this.#later(() => this.#udp.send(packet, port, address)));
    this.#behind.set(name, behind);
    return behind;
  }

  #later(send: () => void): void {
    const lost = this.#random() < this.#options.loss;
    this.#packets[lost ? 'lost' : 'passed'] += 1;
    if (!lost) setTimeout(() => attempt(send), this.#options.delayMs);
  }

  /** Timers of one length fire in the order in which they were set. */
  #carry(from: Socket, to: Socket): void {
    this.#connections.add(from);
    const { delayMs } = this.#options;
    from.on('data', (bytes) => setTimeout(() => to.writable && to.write(bytes), delayMs));
    from.on('end', () => setTimeout(() => to.end(), delayMs));
    from.on('error', () => to.destroy());
    from.on('close', () => this.#connections.delete(from));
  }
}

/** A socket that was closed meanwhile sends nothing any more. */
function attempt(send: () => void): void {
  try {
    send();
  } catch {
    // The network is gone, and the packet with it.
  }
}

/** Mulberry32: the same packets are lost in every run, as far as the same are sent. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
