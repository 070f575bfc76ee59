/**
 * The loudspeaker: replies reach it on the audio thread; the window only stops it at key down, chooses the device and
 * lets it sleep when nothing was said for a while, since an open output keeps a laptop awake.
 */
import { PACKET_RATE } from '../../src-preload/audio-packet.ts';
import { type Cue, playCue } from './cues.ts';
import { Levels } from './levels.ts';
import type { PlaybackAnswer, PlaybackOrder } from './playback-worklet.ts';
import workletUrl from './playback-worklet.ts?worker&url';

const SLEEP_AFTER_MS = 20_000;
/** A context that may run does so well within this. */
const BLOCKED_AFTER_MS = 400;

export interface PlaybackListener {
  /** A reply waits because the browser wants a key press or a click before it lets a page be heard. */
  blocked(blocked: boolean): void;
  /** The chosen output device is missing; the system's default stands in for it. */
  substituted(substituted: boolean): void;
}

export class Playback {
  readonly levels = new Levels();
  readonly context = new AudioContext({ sampleRate: PACKET_RATE, latencyHint: 'interactive' });
  readonly #listener: PlaybackListener;
  readonly #node: Promise<AudioWorkletNode>;
  #playing = false;
  #output: string | null = null;
  #sleep: ReturnType<typeof setTimeout> | undefined;

  constructor(port: MessagePort, listener: PlaybackListener) {
    this.#listener = listener;
    this.#node = this.#load(port);
    this.#node.catch(() => undefined);
    void this.context.suspend();
    // A lost output device can stop the context in the middle of a reply, which would wait for its end for ever.
    this.context.addEventListener('statechange', () => this.#keepRunning());
    navigator.mediaDevices.addEventListener('devicechange', () => {
      if (this.#output !== null) void this.setOutput(this.#output);
    });
  }

  /** Stops what is being heard, now; the core is told how much that was. */
  stop(): void {
    this.#order('stop');
  }

  /** Forgets what is being played, because its sender is gone. */
  reset(): void {
    this.#order('reset');
  }

  /** Makes ready to be heard. Call in every user gesture that may lead to sound. */
  async wake(): Promise<void> {
    clearTimeout(this.#sleep);
    if (!this.#playing) this.#sleep = setTimeout(() => void this.context.suspend(), SLEEP_AFTER_MS);
    await this.context.resume();
    this.#listener.blocked(false);
  }

  /** Not heard late: one that can't be heard now is left out. */
  async cue(cue: Cue): Promise<void> {
    const asked = performance.now();
    await this.wake();
    if (performance.now() - asked < BLOCKED_AFTER_MS) playCue(this.context, cue);
  }

  /** Kept to: a chosen device that comes back is used again. @param deviceId null for the system's default. */
  async setOutput(deviceId: string | null): Promise<void> {
    this.#output = deviceId;
    const found = await this.context.setSinkId(deviceId ?? '').then(
      () => true,
      () => false,
    );
    // Another may have been chosen meanwhile.
    if (this.#output !== deviceId) return;
    if (!found) await this.context.setSinkId('').catch(() => undefined);
    this.#listener.substituted(!found);
  }

  async #load(port: MessagePort): Promise<AudioWorkletNode> {
    await this.context.audioWorklet.addModule(workletUrl);
    const node = new AudioWorkletNode(this.context, 'squelch-playback', {
      numberOfInputs: 0,
      outputChannelCount: [1],
    });
    node.port.onmessage = ({ data }: MessageEvent<PlaybackAnswer>) => {
      if (typeof data === 'number') this.levels.push(data);
      else this.#setPlaying(data);
    };
    node.connect(this.context.destination);
    node.port.postMessage({ port } satisfies PlaybackOrder, [port]);
    return node;
  }

  #setPlaying(playing: boolean): void {
    this.#playing = playing;
    void this.wake();
    this.#keepRunning();
  }

  #keepRunning(): void {
    if (!this.#playing || this.context.state === 'running') return;
    void this.context.resume();
    setTimeout(() => {
      if (this.#playing && this.context.state !== 'running') this.#listener.blocked(true);
    }, BLOCKED_AFTER_MS);
  }

  #order(order: PlaybackOrder): void {
    void this.#node.then((node) => node.port.postMessage(order)).catch(() => undefined);
  }
}
