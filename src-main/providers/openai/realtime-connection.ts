/**
 * One WebSocket to an OpenAI Realtime server, ready for use once its session is set up. Whoever talks over it does so in
 * an exchange: every exchange sees all events, but only the errors of what it sent itself.
 * The official SDK's own realtime client insists on `wss:`, which leaves out every server on this machine.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { Channel } from '../../channel.ts';
import { checkKey, DEFAULT_TIMEOUTS, type OpenAiServer, realtimeAddress, type Timeouts } from './client.ts';
import { AnswerStalled, AnswerTimedOut } from './faults.ts';
import { closedError, connectError, refusalError, reportedError } from './realtime-errors.ts';
import { record } from './usage.ts';

export interface RealtimeServer extends Omit<OpenAiServer, 'fetch'> {
  /** Sees every message. */
  readonly webSocket: typeof WebSocket;
}

export interface ServerEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface ClientEvent {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** A dead network is noticed after one to two of these. */
const PING_MS = 15_000;
/** A session is not begun anew in the middle of a turn: it is left this long before it would end. */
const EXPIRY_MARGIN_MS = 5 * 60_000;
/** Sessions live an hour; servers that don't say when theirs ends are taken to do the same. */
const SESSION_MS = 60 * 60_000;
/** How long the server is waited for when a connection is closed. */
const FAREWELL_MS = 1_000;

interface Commit {
  readonly eventId: string;
  readonly onItem: (itemId: string) => void;
}

export class RealtimeConnection {
  readonly timeouts: Timeouts;
  readonly #socket: WebSocket;
  readonly #exchanges = new Set<Exchange>();
  readonly #commits: Commit[] = [];
  readonly #items = new Set<string>();
  /** Commits that were confirmed without saying as which item. */
  #unnamed = 0;
  #expiresAt = Date.now() + SESSION_MS;
  #transport: Socket | null = null;
  #failure: Error | null = null;
  #answered = true;

  /**
   * @param query `model=…` or `intent=transcription`
   * @param session what the session is set up as
   * @throws an error that `providerFault` explains
   */
  static async open(server: RealtimeServer, query: string, session: object): Promise<RealtimeConnection> {
    const connection = new RealtimeConnection(server, query);
    const exchange = connection.exchange();
    try {
      await exchange.until('session.created');
      exchange.send({ type: 'session.update', session });
      await exchange.until('session.updated');
      return connection;
    } catch (thrown) {
      connection.close();
      throw thrown;
    } finally {
      exchange.close();
    }
  }

  private constructor(server: RealtimeServer, query: string) {
    this.timeouts = { ...DEFAULT_TIMEOUTS, ...server.timeouts };
    const { firstByteMs } = this.timeouts;
    const { apiKey, baseUrl, webSocket } = server;
    checkKey(server);
    const socket = new webSocket(realtimeAddress(baseUrl, query), {
      headers: apiKey?.trim() ? { Authorization: `Bearer ${apiKey.trim()}` } : {},
      handshakeTimeout: firstByteMs,
      perMessageDeflate: false,
    });
    this.#socket = socket;
    socket.on('upgrade', ({ socket: transport }: IncomingMessage) => {
      this.#transport = transport;
      this.#hold();
    });
    socket.on('unexpected-response', (_request, response) => {
      void refusalError(response).then((error) => this.#fail(error));
    });
    socket.on('message', (data) => this.#receive(String(data)));
    socket.on('error', (error) => this.#fail(connectError(error, firstByteMs)));
    socket.on('close', (code, reason) => this.#fail(closedError(code, String(reason))));
    const pinging = setInterval(() => this.#ping(), PING_MS).unref();
    socket.on('pong', () => {
      this.#answered = true;
    });
    socket.on('close', () => clearInterval(pinging));
  }

  /** Whether a turn may begin on it. */
  get usable(): boolean {
    return this.alive && (this.#exchanges.size > 0 || Date.now() < this.#expiresAt - EXPIRY_MARGIN_MS);
  }

  get alive(): boolean {
    return this.#failure === null;
  }

  get busy(): boolean {
    return this.#exchanges.size > 0;
  }

  exchange(): Exchange {
    const exchange = new Exchange(this, {
      send: (event) => this.#send(event),
      commit: (commit) => void this.#commits.push(commit),
      left: () => {
        this.#exchanges.delete(exchange);
        this.#hold();
      },
    });
    if (this.#failure) exchange.fail(this.#failure);
    this.#exchanges.add(exchange);
    this.#hold();
    return exchange;
  }

  /** Whether an item of the server's was claimed by somebody's commit. */
  claimed(itemId: string): boolean {
    return this.#items.has(itemId);
  }

  close(): void {
    this.#fail(closedError(1000, 'closed on this side'));
  }

  #send(event: ClientEvent): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(event));
  }

  #receive(text: string): void {
    let event: ServerEvent;
    try {
      event = record(JSON.parse(text)) as ServerEvent;
    } catch {
      this.#fail(new SyntaxError('its JSON is broken'));
      return;
    }
    // Some servers keep a connection alive with messages that are no events.
    if (typeof event.type !== 'string') return;
    if (event.type === 'error') {
      this.#report(event);
      return;
    }
    if (event.type === 'session.created') this.#noteExpiry(record(event.session).expires_at);
    if (event.type === 'input_audio_buffer.committed') this.#committed(event.item_id);
    if (event.type === 'conversation.item.added' || event.type === 'conversation.item.created') this.#added(event.item);
    for (const exchange of this.#exchanges) exchange.receive(event);
  }

  #report({ error }: ServerEvent): void {
    const { event_id: eventId, code } = record(error);
    if (code === 'session_expired') {
      this.#fail(reportedError(error));
      return;
    }
    const commit = this.#commits.findIndex((one) => one.eventId === eventId);
    if (commit >= 0) this.#commits.splice(commit, 1);
    for (const exchange of this.#exchanges) {
      if (typeof eventId !== 'string' || exchange.sent(eventId)) exchange.fail(reportedError(error));
    }
  }

  #noteExpiry(expiresAt: unknown): void {
    if (typeof expiresAt === 'number') this.#expiresAt = expiresAt * 1000;
  }

  #committed(itemId: unknown): void {
    if (typeof itemId === 'string') this.#claim(itemId);
    else this.#unnamed += 1;
  }

  #added(item: unknown): void {
    const { id, role, content } = record(item);
    const sound = Array.isArray(content) && content.some((part) => record(part).type === 'input_audio');
    if (this.#unnamed === 0 || role !== 'user' || !sound || typeof id !== 'string') return;
    this.#unnamed -= 1;
    this.#claim(id);
  }

  #claim(itemId: string): void {
    this.#items.add(itemId);
    this.#commits.shift()?.onItem(itemId);
  }

  #ping(): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#answered) {
      this.#answered = false;
      this.#socket.ping();
    } else {
      this.#fail(new AnswerStalled(PING_MS));
    }
  }

  #fail(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    // `close` before the handshake is over is reported as an error, which nobody waits for any more.
    if (this.#socket.readyState === this.#socket.OPEN) {
      this.#socket.close(1000);
      setTimeout(() => this.#socket.terminate(), FAREWELL_MS).unref();
    } else {
      this.#socket.terminate();
    }
    for (const exchange of this.#exchanges) exchange.fail(error);
  }

  /** An idle connection keeps no process alive. */
  #hold(): void {
    if (this.#exchanges.size > 0) this.#transport?.ref();
    else this.#transport?.unref();
  }
}

interface ExchangeWays {
  send(event: ClientEvent): void;
  commit(commit: Commit): void;
  left(): void;
}

export class Exchange {
  readonly connection: RealtimeConnection;
  readonly #ways: ExchangeWays;
  /** Begins the id of all that it sends, and answers for: sound is sent fifty times a second, and for an hour. */
  readonly #id = randomUUID();
  #sent = 0;
  readonly #channel = new Channel<ServerEvent>();
  readonly #events = this.#channel[Symbol.asyncIterator]();
  #patience: NodeJS.Timeout | undefined;

  constructor(connection: RealtimeConnection, ways: ExchangeWays) {
    this.connection = connection;
    this.#ways = ways;
  }

  /** Whatever is wrong with it fails this exchange. */
  send(event: ClientEvent): void {
    this.#ways.send({ event_id: this.#nextId(), ...event });
  }

  /** An event whose refusal does no harm: that its object is gone already, say. */
  sendHarmless(event: ClientEvent): void {
    this.#ways.send({ event_id: randomUUID(), ...event });
  }

  /** Makes an item of the sound that was sent. @param onItem is told the server's id for it */
  commit(onItem: (itemId: string) => void): void {
    const eventId = this.#nextId();
    this.#ways.commit({ eventId, onItem });
    this.#ways.send({ event_id: eventId, type: 'input_audio_buffer.commit' });
  }

  sent(eventId: string): boolean {
    return eventId.startsWith(this.#id);
  }

  #nextId(): string {
    return `${this.#id}.${this.#sent++}`;
  }

  /** The next event, however long it takes. @throws an error that `providerFault` explains */
  async next(): Promise<ServerEvent> {
    const { value } = await this.#events.next();
    if (!value) throw closedError(1000, 'closed on this side');
    return value;
  }

  /** Fails this exchange unless it is told again, or closed, in time. */
  failAfter(late: Error, waitMs: number): void {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.fail(late), waitMs);
  }

  async until(type: string): Promise<void> {
    const { firstByteMs } = this.connection.timeouts;
    this.failAfter(new AnswerTimedOut(firstByteMs), firstByteMs);
    while ((await this.next()).type !== type);
  }

  receive(event: ServerEvent): void {
    this.#channel.push(event);
  }

  fail(error: Error): void {
    this.#channel.fail(error);
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#patience);
    this.#channel.close();
    this.#ways.left();
  }
}
