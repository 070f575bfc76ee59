/** The command line's place as a window: it presses the talk key, speaks from a file, and listens to the reply. */
import type { ApprovalView } from '../../../src-preload/agents-contract.ts';
import { encodePacket, PACKET_KIND, PACKET_RATE, PACKET_SAMPLES } from '../../../src-preload/audio-packet.ts';
import type {
  CommandInput,
  CommandName,
  CommandOutput,
  ConversationView,
  EventName,
  TurnView,
} from '../../../src-preload/contract.ts';
import type { App, WindowConnection } from '../../app.ts';
import type { AudioFrame } from '../../audio/frame.ts';
import { ReplyListener } from './reply-listener.ts';

const TAKE_ID = 1;
const FRAME_MS = (PACKET_SAMPLES * 1000) / PACKET_RATE;
/** Longer than the core keeps after a release: the room's silence after the recording. */
const ROOM_SILENCE_MS = 400;
/** A hold no longer than this would be a tap, which is discarded. */
const SHORTEST_HOLD_MS = 501;

export interface Sound {
  /** Frames at 24 kHz. */
  readonly frames: AsyncIterable<AudioFrame>;
  readonly durationMs: number;
  /** Shown where a microphone's name would be. */
  readonly name: string;
}

type Decide = (call: ApprovalView) => 'once' | 'deny';

export class CommandLineWindow {
  readonly #connection: WindowConnection;
  readonly #listener: ReplyListener;
  readonly #realtime: boolean;
  readonly #decide: Decide;
  readonly #turns = new Map<string, TurnView>();
  readonly #waiting = new Set<() => void>();
  /** In flight now. */
  #turnId: string | null = null;

  /**
   * @param realtime speaks and listens at the pace of sound, as a person does; else as fast as it goes.
   * @param decide about calls of tool servers that must be allowed; none is if left out
   */
  constructor(app: App, realtime: boolean, decide: Decide = () => 'deny') {
    this.#realtime = realtime;
    this.#decide = decide;
    this.#listener = new ReplyListener(realtime, (packet) => this.#connection.receive(packet));
    this.#connection = app.connect({
      event: (name, payload) => this.#observe(name, payload),
      packet: (bytes) => this.#listener.receive(bytes),
    });
  }

  invoke<N extends CommandName>(name: N, input: CommandInput<N>): Promise<CommandOutput<N>> {
    return this.#connection.invoke(name, input) as Promise<CommandOutput<N>>;
  }

  /** The reply as it was played, at 24 kHz. */
  get reply(): Int16Array {
    return this.#listener.samples();
  }

  /** Begins a conversation, and lets the agent finish if it speaks first. @returns what it said */
  async begin(conversation: CommandInput<'conversation.new'>): Promise<TurnView | null> {
    await this.invoke('conversation.new', conversation);
    const turnId = this.#turnId;
    if (turnId === null) return null;
    const greeting = await this.#outcome(turnId);
    this.#listener.forget();
    return greeting;
  }

  /** Holds the key while `sound` plays. @returns the turn once it has an outcome. */
  async speak(sound: Sound): Promise<TurnView> {
    await this.invoke('talk.press', { takeId: TAKE_ID, input: { deviceLabel: sound.name, processing: [] } });
    const turnId = this.#turnId;
    if (turnId === null) throw new Error('A press began no turn');
    const microphone = new Microphone(this.#realtime, (packet) => this.#connection.receive(packet));
    for await (const { samples } of sound.frames) await microphone.hear(samples);
    const heldMs = Math.max(sound.durationMs, SHORTEST_HOLD_MS);
    await this.invoke('talk.release', { takeId: TAKE_ID, heldMs, lost: false });
    const silence = new Int16Array(PACKET_SAMPLES);
    for (let leftMs = ROOM_SILENCE_MS; leftMs > 0; leftMs -= FRAME_MS) await microphone.hear(silence);
    return this.#outcome(turnId);
  }

  /** @returns the turn once it has an outcome. */
  async type(text: string): Promise<TurnView> {
    const { turnId } = await this.invoke('talk.sendText', { text });
    return this.#outcome(turnId);
  }

  /** Sends a turn again. @returns the new turn once it has an outcome. */
  async retry(turnId: string): Promise<TurnView> {
    const again = await this.invoke('talk.retry', { turnId });
    return this.#outcome(again.turnId);
  }

  /** Asks it again of others. @returns the new turn once it has an outcome. */
  async askAgain(request: CommandInput<'turns.askAgain'>): Promise<TurnView> {
    const again = await this.invoke('turns.askAgain', request);
    return this.#outcome(again.turnId);
  }

  close(): void {
    this.#listener.close();
    this.#connection.close();
  }

  async #outcome(turnId: string): Promise<TurnView> {
    while (true) {
      const turn = this.#turns.get(turnId);
      if (turn?.outcome) return turn;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  #answer(call: ApprovalView): void {
    const { approvalId } = call;
    // The turn may be over before the answer arrives.
    void this.invoke('tools.decide', { approvalId, decision: this.#decide(call) }).catch(() => {});
  }

  #observe(name: EventName, payload: unknown): void {
    if (name === 'conversation.changed') this.#turnId = (payload as ConversationView).turnId;
    if (name === 'approval.requested') this.#answer(payload as ApprovalView);
    if (name !== 'turn.changed') return;
    const turn = payload as TurnView;
    this.#turns.set(turn.id, turn);
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** Sends frames as a microphone would: numbered, and in real time if asked to. */
class Microphone {
  readonly #realtime: boolean;
  readonly #send: (packet: ArrayBuffer) => void;
  #sequence = 0;
  #dueAt = performance.now();

  constructor(realtime: boolean, send: (packet: ArrayBuffer) => void) {
    this.#realtime = realtime;
    this.#send = send;
  }

  async hear(samples: Int16Array): Promise<void> {
    this.#dueAt += FRAME_MS;
    // One frame per turn of the event loop at most: voice detection keeps pace with that, so memory stays flat.
    const waitMs = this.#realtime ? this.#dueAt - performance.now() : 0;
    await new Promise((resolve) => (waitMs > 0 ? setTimeout(resolve, waitMs) : setImmediate(resolve)));
    const sequence = this.#sequence++;
    this.#send(encodePacket({ kind: PACKET_KIND.capture, stream: TAKE_ID, sequence, value: 0, samples }));
  }
}
