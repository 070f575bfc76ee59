/**
 * What the LiveKit server records of a conversation, by its Egress service: all that is heard in the room, in one file on
 * that service's storage. Squelch's own recording never depends on it: whatever goes wrong here is told and logged.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type EgressInfo, EgressStatus, EncodedFileOutput, EncodedFileType } from '@livekit/protocol';
import { EgressClient, TwirpError } from 'livekit-server-sdk';
import type { ServerRecording as Recording, ServerRecordingStatus } from '../../conversation/events.ts';
import { type Fault, toFault } from '../../fault.ts';
import { endedEarlyFault, leftRunningFault, notStartedFault } from './egress-faults.ts';
import type { ServerAccess } from './server-access.ts';

export interface RecordedRoom {
  readonly server: ServerAccess;
  /** Name of the room, which exists. */
  readonly room: string;
}

export interface ServerRecordingOptions {
  /** null when this conversation is not to be recorded there. @throws Fault when the server can't be asked to */
  readonly where: () => Promise<RecordedRoom | null>;
  readonly sessionId: string;
  /** It has begun, or is over. */
  readonly changed: (recording: Recording) => void;
  /** It could not begin, or did not end as it should. */
  readonly fault: (fault: Fault) => void;
}

/** How soon it is known that a recording ended by itself. */
const LOOK_MS = 5_000;
/** The file is written and uploaded before its size is known. */
const LAST_WORD_MS = 10_000;
const LAST_LOOK_MS = 500;
/** Whoever ends it waits no longer, not even for a start that has no answer yet. */
const LONGEST_END_MS = 15_000;
const REQUEST_SECONDS = 10;
/** A server that looks for an Egress service in vain says so after 21 s. */
const START_SECONDS = 30;

/** Two are still going on; of any other nothing more will come. */
const UNDER_WAY: ReadonlySet<ServerRecordingStatus> = new Set(['starting', 'active', 'ending']);

export class ServerRecording {
  readonly #options: ServerRecordingOptions;
  readonly #ending = new AbortController();
  readonly #over: Promise<void>;
  #silent = false;

  static begin(options: ServerRecordingOptions): ServerRecording {
    return new ServerRecording(options);
  }

  private constructor(options: ServerRecordingOptions) {
    this.#options = options;
    this.#over = this.#run().catch((thrown) => this.#fail(toFault(thrown)));
  }

  /** Resolves when the server has said how it ended, or does not say so in time; nothing is told after it. */
  async end(): Promise<void> {
    this.#ending.abort();
    await Promise.race([this.#over, sleep(LONGEST_END_MS, undefined, { ref: false })]);
    this.#silent = true;
  }

  async #run(): Promise<void> {
    const { where, sessionId } = this.#options;
    const recorded = await where();
    if (!recorded || this.#ending.signal.aborted) return;
    const egress = new Egress(recorded, sessionId);
    let recording = await egress.start();
    this.#tell(recording);
    while (isUnderWay(recording) && (await this.#passes(LOOK_MS))) recording = await egress.look(recording);
    const byItself = !isUnderWay(recording);
    if (!byItself) recording = await egress.stop(recording);
    this.#tell(recording);
    const { status } = recording;
    if (byItself ? status !== 'complete' : status === 'failed') this.#fail(endedEarlyFault(recording));
    else if (status === 'unknown') this.#fail(leftRunningFault(recorded.room));
  }

  #tell(recording: Recording): void {
    if (!this.#silent) this.#options.changed(recording);
  }

  #fail(fault: Fault): void {
    if (!this.#silent) this.#options.fault(fault);
  }

  /** @returns false when it is to end */
  #passes(ms: number): Promise<boolean> {
    return sleep(ms, true, { signal: this.#ending.signal }).catch(() => false);
  }
}

/** One recording, as its server is asked about it. */
class Egress {
  readonly #client: EgressClient;
  readonly #starter: EgressClient;
  readonly #room: string;
  readonly #filepath: string;

  constructor({ server: { url, apiKey, apiSecret }, room }: RecordedRoom, sessionId: string) {
    const host = url.replace(/^ws/, 'http');
    // Asked again elsewhere, the same would be recorded twice.
    const waits = (requestTimeout: number) =>
      new EgressClient(host, apiKey, apiSecret, { requestTimeout, failover: false });
    this.#client = waits(REQUEST_SECONDS);
    this.#starter = waits(START_SECONDS);
    this.#room = room;
    this.#filepath = `squelch/{room_name}/${sessionId}-{time}.ogg`;
  }

  /** @throws Fault */
  async start(): Promise<Recording> {
    // Without Redis it says at once that it has none, but looks for one long when told to begin.
    await this.#client.listEgress({ roomName: this.#room, active: true }).catch((thrown) => {
      throw notStartedFault(this.#room, thrown);
    });
    const output = new EncodedFileOutput({ fileType: EncodedFileType.OGG, filepath: this.#filepath });
    try {
      return this.#read(await this.#starter.startRoomCompositeEgress(this.#room, output, { audioOnly: true }));
    } catch (thrown) {
      // Without an answer it may have begun all the same.
      const begun = thrown instanceof TwirpError ? null : await this.#find();
      if (begun) return this.#read(begun);
      throw notStartedFault(this.#room, thrown);
    }
  }

  /** @returns `before` when the server can't be reached */
  async look(before: Recording): Promise<Recording> {
    try {
      const [info] = await this.#client.listEgress({ egressId: before.egressId });
      return info ? this.#read(info) : { ...before, status: 'unknown', error: 'the server knows it no more' };
    } catch {
      return before;
    }
  }

  async stop(before: Recording): Promise<Recording> {
    const deadline = AbortSignal.timeout(LAST_WORD_MS);
    let asked = false;
    let recording = before;
    while (isUnderWay(recording) && !deadline.aborted) {
      if (!asked) {
        recording = await this.#client.stopEgress(before.egressId).then(
          (info) => this.#read(info),
          () => recording,
        );
        asked = recording !== before;
      }
      if (isUnderWay(recording)) recording = await this.look(recording);
      if (isUnderWay(recording)) await sleep(LAST_LOOK_MS, null, { signal: deadline }).catch(() => {});
    }
    const deaf = isUnderWay(recording) && !asked;
    return deaf ? { ...recording, status: 'unknown', error: 'the server did not answer' } : recording;
  }

  async #find(): Promise<EgressInfo | null> {
    const infos = await this.#client.listEgress({ roomName: this.#room, active: true }).catch(() => []);
    return infos.find((info) => filepathsOf(info).includes(this.#filepath)) ?? null;
  }

  #read(info: EgressInfo): Recording {
    return {
      egressId: info.egressId,
      room: this.#room,
      status: statusOf(info),
      files: info.fileResults.map(({ filename, location, duration, size }) => ({
        name: filename,
        location,
        durationMs: Math.round(Number(duration) / 1_000_000),
        bytes: Number(size),
      })),
      error: info.error || null,
    };
  }
}

function isUnderWay({ status }: Recording): boolean {
  return UNDER_WAY.has(status);
}

const STATUSES: Readonly<Record<EgressStatus, ServerRecordingStatus>> = {
  [EgressStatus.EGRESS_STARTING]: 'starting',
  [EgressStatus.EGRESS_ACTIVE]: 'active',
  [EgressStatus.EGRESS_ENDING]: 'ending',
  [EgressStatus.EGRESS_COMPLETE]: 'complete',
  [EgressStatus.EGRESS_FAILED]: 'failed',
  [EgressStatus.EGRESS_ABORTED]: 'aborted',
  [EgressStatus.EGRESS_LIMIT_REACHED]: 'limit-reached',
};

function statusOf({ status }: EgressInfo): ServerRecordingStatus {
  return STATUSES[status] ?? 'unknown';
}

function filepathsOf({ request }: EgressInfo): string[] {
  return request.case === 'roomComposite' ? request.value.fileOutputs.map(({ filepath }) => filepath) : [];
}
