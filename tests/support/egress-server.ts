/**
 * What stands before a real LiveKit server that has an Egress service: passes everything on, and answers for the service
 * itself, by the protocol. A recording is somebody in the real room who records, as the service's own would be.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import {
  EgressInfo,
  EgressStatus,
  FileInfo,
  ListEgressRequest,
  ListEgressResponse,
  RoomCompositeEgressRequest,
  StopEgressRequest,
} from '@livekit/protocol';
import { TokenVerifier } from 'livekit-server-sdk';
import { onTestFinished } from 'vitest';
import { patiently } from '../../src-main/transport/livekit/patience.ts';
import type { Room } from '../../src-main/transport/livekit/sdk.ts';
import type { LiveKitServer } from './livekit-server.ts';

/** `lost`: it does as it is asked, and its answer does not arrive. `away`: it hears nothing. */
type Manner = 'well' | 'lost' | 'away' | { readonly status: number; readonly code: string; readonly msg: string };

const SECOND = 1_000_000_000n;
const UNDER_WAY = [EgressStatus.EGRESS_STARTING, EgressStatus.EGRESS_ACTIVE, EgressStatus.EGRESS_ENDING];

class TwirpFailure extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export class EgressServer {
  /** In the order in which they began. */
  readonly recordings: EgressInfo[] = [];
  manner: Manner = 'well';
  readonly #livekit: LiveKitServer;
  readonly #server: Server;
  readonly #recorders = new Map<string, Room>();

  /** In a test of Vitest's, which it ends with. */
  static async start(livekit: LiveKitServer): Promise<EgressServer> {
    const egress = new EgressServer(livekit);
    egress.#server.listen(0, '127.0.0.1');
    await once(egress.#server, 'listening');
    onTestFinished(() => egress.#close());
    return egress;
  }

  private constructor(livekit: LiveKitServer) {
    this.#livekit = livekit;
    const target = new URL(livekit.url);
    this.#server = createServer((incoming, response) => {
      const [, method] = /^\/twirp\/livekit\.Egress\/(\w+)$/.exec(incoming.url ?? '') ?? [];
      if (method) void this.#answer(method, incoming, response);
      else {
        const { url, method, headers } = incoming;
        const passed = request({ host: target.hostname, port: target.port, path: url, method, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        });
        passed.on('error', () => response.destroy());
        incoming.pipe(passed);
      }
    });
    this.#server.on('upgrade', (incoming: IncomingMessage, socket, head) => {
      const lines = [`GET ${incoming.url} HTTP/1.1`];
      for (let at = 0; at < incoming.rawHeaders.length; at += 2)
        lines.push(incoming.rawHeaders.slice(at, at + 2).join(': '));
      const passed = connect(Number(target.port), target.hostname);
      passed.write(`${lines.join('\r\n')}\r\n\r\n`);
      passed.write(head);
      passed.on('error', () => socket.destroy()).on('close', () => socket.destroy());
      socket.on('error', () => passed.destroy()).on('close', () => passed.destroy());
      passed.pipe(socket);
      socket.pipe(passed);
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** It ends by itself. */
  async break(status: EgressStatus, error: string): Promise<void> {
    const [info] = this.recordings.slice(-1);
    if (!info) throw new Error('nothing is recorded');
    await this.#leave(info);
    info.status = status;
    info.error = error;
  }

  async #answer(method: string, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { manner } = this;
    if (manner === 'away') return void response.destroy();
    const pieces: Buffer[] = [];
    for await (const piece of incoming) pieces.push(piece as Buffer);
    try {
      if (typeof manner === 'object') throw new TwirpFailure(manner.status, manner.code, manner.msg);
      await this.#admit(incoming);
      const answer = await this.#do(method, JSON.parse(Buffer.concat(pieces).toString('utf8')));
      if (manner === 'lost' && method.startsWith('Start')) {
        this.manner = 'well';
        response.destroy();
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer.toJsonString());
    } catch (thrown) {
      const { status, code, message } =
        thrown instanceof TwirpFailure ? thrown : new TwirpFailure(500, 'internal', String(thrown));
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ code, msg: message }));
    }
  }

  async #admit({ headers }: IncomingMessage): Promise<void> {
    const { apiKey, apiSecret } = this.#livekit;
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    const { video } = await new TokenVerifier(apiKey, apiSecret).verify(token);
    if (!video?.roomRecord) throw new TwirpFailure(401, 'unauthenticated', 'permissions denied');
  }

  async #do(method: string, input: Record<string, never>): Promise<EgressInfo | ListEgressResponse> {
    if (method === 'StartRoomCompositeEgress') return this.#start(RoomCompositeEgressRequest.fromJson(input));
    if (method === 'StopEgress') return this.#stop(StopEgressRequest.fromJson(input).egressId);
    const { egressId, roomName, active } = ListEgressRequest.fromJson(input);
    const items = this.recordings.filter(
      (info) =>
        (egressId === '' || info.egressId === egressId) &&
        (roomName === '' || info.roomName === roomName) &&
        (!active || UNDER_WAY.includes(info.status)),
    );
    return new ListEgressResponse({ items });
  }

  async #start(value: RoomCompositeEgressRequest): Promise<EgressInfo> {
    const { roomName, audioOnly, fileOutputs } = value;
    if (!audioOnly || fileOutputs.length !== 1) throw new TwirpFailure(400, 'invalid_argument', 'one file of sound');
    const egressId = `EG_${this.recordings.length + 1}`;
    const request = { case: 'roomComposite', value } as const;
    const info = new EgressInfo({ egressId, roomName, status: EgressStatus.EGRESS_STARTING, request });
    const starting = info.clone();
    this.recordings.push(info);
    this.#recorders.set(egressId, await this.#livekit.record(roomName, egressId));
    info.status = EgressStatus.EGRESS_ACTIVE;
    return starting;
  }

  async #stop(egressId: string): Promise<EgressInfo> {
    const info = this.recordings.find((one) => one.egressId === egressId);
    if (!info) throw new TwirpFailure(404, 'not_found', 'egress does not exist');
    if (info.status !== EgressStatus.EGRESS_ACTIVE) {
      throw new TwirpFailure(412, 'failed_precondition', `egress with status ${info.status} cannot be stopped`);
    }
    info.status = EgressStatus.EGRESS_ENDING;
    const ending = info.clone();
    void this.#leave(info).then(() => {
      info.status = EgressStatus.EGRESS_COMPLETE;
      const template = info.request.case === 'roomComposite' ? info.request.value.fileOutputs[0]?.filepath : '';
      const filename = (template ?? '').replace('{room_name}', info.roomName).replace('{time}', '2026-01-02T030405');
      const location = `https://storage.example/${filename}`;
      info.fileResults = [new FileInfo({ filename, location, duration: 3n * SECOND, size: 48_000n })];
    });
    return ending;
  }

  async #leave({ egressId }: EgressInfo): Promise<void> {
    const recorder = this.#recorders.get(egressId);
    this.#recorders.delete(egressId);
    if (recorder) await patiently(recorder.disconnect()).catch(() => {});
  }

  async #close(): Promise<void> {
    for (const info of this.recordings) await this.#leave(info);
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
