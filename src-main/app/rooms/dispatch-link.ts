/**
 * A worker's connection to a LiveKit server: it registers, says how busy it is, is asked whether it takes a job, and is
 * given the token for it. The server hands out jobs among all workers of the same name.
 */
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  JobStatus,
  JobType,
  ParticipantPermission,
  ServerMessage,
  WorkerMessage,
  WorkerStatus,
} from '@livekit/protocol';
import { AccessToken } from 'livekit-server-sdk';
import { WebSocket } from 'ws';
import type { Fault } from '../../fault.ts';
import { toFault } from '../../fault.ts';
import { lostFault } from '../../transport/livekit/lost-fault.ts';
import { connectFault } from '../../transport/livekit/room-faults.ts';
import type { RoomAccess } from './joined-room.ts';
import type { ServerAccess } from './server-access.ts';

export interface Job {
  readonly id: string;
  readonly room: string;
  readonly access: RoomAccess;
}

export interface DispatchLinkOptions {
  readonly server: ServerAccess;
  /** Rooms that ask for this name get this agent; with an empty one, every room does. */
  readonly name: string;
  /** Resolves when the job is over. @throws Fault when it can't be done */
  work(job: Job): Promise<void>;
  /** A job has to end. */
  terminate(jobId: string): void;
  /** @param fault why the server can't be reached; null when it can */
  changed(fault: Fault | null): void;
  /** A server that is silent twice as long is taken to be gone, whatever its socket says. */
  readonly heartbeatMs?: number;
}

const HEARTBEAT_MS = 10_000;
const LOAD_INTERVAL_MS = 2_500;
/** A thread that is busier has no time left for the sound of another room. */
const FULL = 0.7;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

type WorkerBody = NonNullable<ConstructorParameters<typeof WorkerMessage>[0]>['message'];

export class DispatchLink {
  readonly #options: DispatchLinkOptions;
  readonly #closing = new AbortController();
  #socket: WebSocket | null = null;
  #workerId = '';
  #registered: () => void = () => {};
  #utilization = performance.eventLoopUtilization();
  #loadTimer: NodeJS.Timeout | null = null;

  /** @throws Fault when the server can't be reached, or does not take us */
  static async open(options: DispatchLinkOptions): Promise<DispatchLink> {
    const link = new DispatchLink(options);
    await link.#connect();
    link.#loadTimer = setInterval(() => link.#tellLoad(), LOAD_INTERVAL_MS);
    return link;
  }

  private constructor(options: DispatchLinkOptions) {
    this.#options = options;
  }

  /** As the server calls us. */
  get workerId(): string {
    return this.#workerId;
  }

  close(): void {
    this.#closing.abort();
    if (this.#loadTimer) clearInterval(this.#loadTimer);
    this.#socket?.close();
  }

  async #connect(): Promise<void> {
    const { server, name } = this.#options;
    const token = new AccessToken(server.apiKey, server.apiSecret);
    token.addGrant({ agent: true });
    const address = `${server.url.replace(/^http/, 'ws').replace(/\/$/, '')}/agent`;
    const headers = { authorization: `Bearer ${await token.toJwt()}` };
    const { heartbeatMs = HEARTBEAT_MS } = this.#options;
    const socket = new WebSocket(address, { headers, handshakeTimeout: heartbeatMs });
    try {
      await once(socket, 'open', { signal: this.#closing.signal });
    } catch (thrown) {
      socket.on('error', () => {}).terminate();
      throw connectFault(server.url, String(thrown).replace('Unexpected server response:', 'handshake error:'));
    }
    this.#socket = socket;
    watchHeart(socket, heartbeatMs);
    socket.on('message', (data: Buffer) => this.#receive(socket, data));
    socket.on('error', () => {});
    socket.on('close', () => void this.#comeBack());
    this.#send({
      case: 'register',
      value: {
        type: JobType.JT_ROOM,
        agentName: name,
        version: 'squelch',
        allowedPermissions: new ParticipantPermission({
          canPublish: true,
          canSubscribe: true,
          canPublishData: true,
          canUpdateMetadata: true,
          agent: true,
        }),
      },
    });
    const registered = Promise.withResolvers<void>();
    this.#registered = registered.resolve;
    socket.once('close', () => registered.reject(lostFault(server.url)));
    await registered.promise;
    this.#options.changed(null);
  }

  async #comeBack(): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted || this.#workerId === '') return;
    this.#workerId = '';
    this.#options.changed(lostFault(this.#options.server.url));
    for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
      await sleep(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        await this.#connect();
        return;
      } catch (thrown) {
        this.#options.changed(toFault(thrown));
      }
    }
  }

  #receive(socket: WebSocket, data: Buffer): void {
    const message = readMessage(data);
    if (!message) {
      // Whoever talks nonsense is asked anew.
      socket.terminate();
      return;
    }
    switch (message.case) {
      case 'register':
        this.#workerId = message.value.workerId;
        // What came before says nothing of how busy we will be.
        this.#utilization = performance.eventLoopUtilization();
        this.#registered();
        return;
      case 'availability': {
        const jobId = message.value.job?.id;
        if (!jobId) return;
        const identity = `agent-${jobId}`;
        this.#send({
          case: 'availability',
          value: { jobId, available: true, participantIdentity: identity, participantName: 'Squelch' },
        });
        return;
      }
      case 'assignment': {
        const { job, url, token } = message.value;
        if (!job) return;
        const access = { url: url || this.#options.server.url, token };
        void this.#work({ id: job.id, room: job.room?.name ?? '', access });
        return;
      }
      case 'termination':
        this.#options.terminate(message.value.jobId);
    }
  }

  async #work(job: Job): Promise<void> {
    const tell = (status: JobStatus, error = '') =>
      this.#send({ case: 'updateJob', value: { jobId: job.id, status, error } });
    tell(JobStatus.JS_RUNNING);
    try {
      await this.#options.work(job);
      tell(JobStatus.JS_SUCCESS);
    } catch (thrown) {
      tell(JobStatus.JS_FAILED, toFault(thrown).message);
    }
  }

  #tellLoad(): void {
    const now = performance.eventLoopUtilization();
    const load = performance.eventLoopUtilization(now, this.#utilization).utilization;
    this.#utilization = now;
    const status = load < FULL ? WorkerStatus.WS_AVAILABLE : WorkerStatus.WS_FULL;
    this.#send({ case: 'updateWorker', value: { load, status } });
  }

  #send(message: WorkerBody): void {
    if (this.#socket?.readyState !== WebSocket.OPEN || !message) return;
    this.#socket.send(new WorkerMessage({ message }).toBinary());
  }
}

function readMessage(data: Buffer): ServerMessage['message'] | null {
  try {
    return ServerMessage.fromBinary(data).message;
  } catch {
    return null;
  }
}

/** Ends a connection on which nothing comes any more: a network that went away closes no socket. */
function watchHeart(socket: WebSocket, everyMs: number): void {
  let alive = true;
  const seen = () => {
    alive = true;
  };
  const timer = setInterval(() => {
    if (!alive) socket.terminate();
    else socket.ping();
    alive = false;
  }, everyMs);
  socket
    .on('pong', seen)
    .on('message', seen)
    .on('close', () => clearInterval(timer));
}
