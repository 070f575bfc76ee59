/**
 * The way of the microphone's sound into a room. It is held here, from the first sample on, until the agent has given
 * the key: what was said while it was asked is sent all the same, a moment later.
 */
import { PACKET_RATE } from '../../src-preload/audio-packet.ts';
import type { UplinkAnswer, UplinkOrder } from './uplink-worklet.ts';
import workletUrl from './uplink-worklet.ts?worker&url';

export class Uplink {
  readonly #context: AudioContext;
  readonly #node: AudioWorkletNode;
  readonly #waiting = new Map<number, () => void>();
  readonly track: MediaStreamTrack;

  /** @param port brings the capture's packets. */
  static async open(port: MessagePort): Promise<Uplink> {
    const context = new AudioContext({ sampleRate: PACKET_RATE, sinkId: { type: 'none' } });
    await context.audioWorklet.addModule(workletUrl);
    return new Uplink(context, port);
  }

  private constructor(context: AudioContext, port: MessagePort) {
    const destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    const [track] = destination.stream.getAudioTracks();
    if (!track) throw new Error('The audio destination has no track');
    this.#context = context;
    this.track = track;
    this.#node = new AudioWorkletNode(context, 'squelch-uplink', { numberOfInputs: 0, outputChannelCount: [1] });
    this.#node.connect(destination);
    this.#node.port.onmessage = ({ data }: MessageEvent<UplinkAnswer>) => {
      this.#waiting.get(data)?.();
      this.#waiting.delete(data);
    };
    this.#order({ port }, [port]);
  }

  /** Sound of a take that does not come from the microphone. @param samples 24 kHz mono */
  keep(takeId: number, samples: Int16Array): void {
    this.#order({ keep: takeId, samples });
  }

  /** Sends the take from its first sample. @returns when its last one has left */
  play(takeId: number): Promise<void> {
    void this.#context.resume();
    this.#order({ play: takeId });
    return new Promise((resolve) => this.#waiting.set(takeId, resolve));
  }

  pause(): void {
    this.#order('pause');
  }

  /** The take is complete. */
  end(takeId: number): void {
    this.#order({ end: takeId });
  }

  drop(takeId: number): void {
    this.#waiting.delete(takeId);
    this.#order({ drop: takeId });
  }

  close(): void {
    this.track.stop();
    void this.#context.close();
  }

  #order(order: UplinkOrder, transfer: Transferable[] = []): void {
    this.#node.port.postMessage(order, transfer);
  }
}
