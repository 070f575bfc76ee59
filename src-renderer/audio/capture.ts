/**
 * The microphone: opened at key down, closed when the core wants no more, its sound sent from the audio thread
 * straight to the core. It has an AudioContext of its own with no loudspeaker, so that a lost output device can't stop
 * a recording; the context sleeps while no sound is wanted. Automatic gain control stays off: it pumps the noise up
 * between words, which misleads voice detection, and the log should hold what was said as loud as it was said.
 */
import { PACKET_RATE } from '../../src-preload/audio-packet.ts';
import type { CommandInput, FaultView } from '../../src-preload/contract.ts';
import type { Settings } from '../../src-preload/settings.ts';
import type { CaptureAnswer, CaptureOrder } from './capture-worklet.ts';
import workletUrl from './capture-worklet.ts?worker&url';
import { Levels } from './levels.ts';
import { microphoneFault, microphoneLost } from './microphone-fault.ts';

export type CaptureSettings = Pick<
  Settings['audio'],
  'inputDeviceId' | 'echoCancellation' | 'noiseSuppression' | 'warmMicrophone'
>;

export interface CaptureListener {
  /** @param substituted true when the chosen microphone is missing and the system's default stands in for it. */
  opened(label: string, substituted: boolean): void;
  /** The system or a switch on the microphone mutes it, or no longer does. */
  muted(muted: boolean): void;
  /** @param takeId null when no take was open. The take is closed, what was captured is sent. */
  failed(takeId: number | null, error: FaultView): void;
}

interface OpenMicrophone {
  /** As they were when it was opened. */
  readonly settings: CaptureSettings;
  readonly stream: MediaStream;
  readonly source: MediaStreamAudioSourceNode;
}

export class Capture {
  readonly levels = new Levels();
  readonly #context = new AudioContext({ sampleRate: PACKET_RATE, sinkId: { type: 'none' } });
  readonly #node: Promise<AudioWorkletNode>;
  readonly #listener: CaptureListener;
  #settings: CaptureSettings = {
    inputDeviceId: null,
    echoCancellation: true,
    noiseSuppression: true,
    warmMicrophone: false,
  };
  #microphone: OpenMicrophone | null = null;
  #opening = false;
  #takeId: number | null = null;
  #monitored = false;
  #input: CommandInput<'talk.press'>['input'] = { deviceLabel: null, processing: [] };

  constructor(port: MessagePort, listener: CaptureListener) {
    this.#listener = listener;
    this.#node = this.#load(port);
    // Reported when the microphone is wanted, not before.
    this.#node.catch(() => undefined);
    void this.#context.suspend();
  }

  /** The take being captured. */
  get takeId(): number | null {
    return this.#takeId;
  }

  /** Whether a microphone is open, and heard at once. */
  get isOpen(): boolean {
    return this.#microphone !== null;
  }

  /** The microphone last used, as the log wants it. */
  get input(): CommandInput<'talk.press'>['input'] {
    return this.#input;
  }

  /** Starts a take. Its first packet leaves as soon as the microphone gives sound. Call in a user gesture. */
  open(takeId: number): void {
    this.#takeId = takeId;
    this.#order({ open: takeId });
    this.#settle();
  }

  /** @param flush sends what was captured to the last sample. Resolves once it is sent. */
  async close(flush: boolean): Promise<void> {
    this.#takeId = null;
    const node = await this.#node;
    if (flush) {
      const closed = answered(node.port, 'closed');
      this.#order({ close: true, flush });
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 100))]);
    } else {
      this.#order({ close: true, flush });
    }
    if (this.#takeId === null && this.#monitored) this.#order({ open: null });
    this.#settle();
  }

  /** Gives another the packets too. @param port null gives them to the core alone again */
  tap(port: MessagePort | null): void {
    this.#order({ tap: port }, port ? [port] : []);
  }

  /** Takes the packets of another to the core. */
  relay(port: MessagePort): void {
    this.#order({ relay: port }, [port]);
  }

  /** Opens the microphone for its level alone. */
  monitor(on: boolean): void {
    this.#monitored = on;
    if (this.#takeId === null) this.#order(on ? { open: null } : { close: true, flush: false });
    this.#settle();
  }

  /** Takes effect at once, or after the take that is open. */
  configure(settings: CaptureSettings): void {
    this.#settings = settings;
    if (settings.warmMicrophone && this.#takeId === null && !this.#monitored) void this.#warmUp();
    else this.#settle();
  }

  /** Lets go of everything; it can't be used again. */
  dispose(): void {
    this.#release();
    void this.#context.close();
  }

  async #load(port: MessagePort): Promise<AudioWorkletNode> {
    await this.#context.audioWorklet.addModule(workletUrl);
    const node = new AudioWorkletNode(this.#context, 'squelch-capture', {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    node.port.onmessage = ({ data }: MessageEvent<CaptureAnswer>) => {
      if (typeof data === 'number') this.levels.push(data);
    };
    node.port.postMessage({ port } satisfies CaptureOrder, [port]);
    return node;
  }

  /** A warm microphone is opened before the first press if that asks nobody anything. */
  async #warmUp(): Promise<void> {
    const permission = await navigator.permissions.query({ name: 'microphone' }).catch(() => null);
    if (permission?.state === 'granted') this.#settle();
  }

  get #wanted(): boolean {
    return this.#takeId !== null || this.#monitored || this.#settings.warmMicrophone;
  }

  #order(order: CaptureOrder, transfer: readonly Transferable[] = []): void {
    void this.#node.then((node) => node.port.postMessage(order, [...transfer])).catch(() => undefined);
  }

  /** Brings the microphone to where it is wanted, as it is wanted; a take keeps the one that it began with. */
  #settle(): void {
    const open = this.#microphone;
    if (open && this.#takeId === null && !opensAlike(open.settings, this.#settings)) this.#release();
    if (!this.#wanted) {
      this.#release();
      void this.#context.suspend();
      return;
    }
    // Without a user gesture this stays pending, and resolves after the next one.
    void this.#context.resume();
    if (!this.#microphone && !this.#opening) void this.#openMicrophone();
  }

  async #openMicrophone(): Promise<void> {
    this.#opening = true;
    const settings = this.#settings;
    try {
      // First: a microphone that was opened for nothing would stay open.
      const node = await this.#node;
      const { stream, substituted } = await this.#getStream(settings);
      const [track] = stream.getAudioTracks();
      if (!track) throw new DOMException('No audio track', 'NotFoundError');
      if (!this.#wanted) {
        track.stop();
        return;
      }
      const source = this.#context.createMediaStreamSource(stream);
      source.connect(node);
      const microphone = { settings, stream, source };
      this.#microphone = microphone;
      track.onended = () => void this.#lost(microphone);
      track.onmute = () => this.#listener.muted(true);
      track.onunmute = () => this.#listener.muted(false);
      this.#input = { deviceLabel: track.label, processing: processing(track.getSettings()) };
      this.#listener.opened(track.label, substituted);
      this.#listener.muted(track.muted);
    } catch (error) {
      await this.#fail(microphoneFault(toError(error), this.#input.deviceLabel));
    } finally {
      this.#opening = false;
    }
    // Another may have been chosen meanwhile.
    if (this.#microphone) this.#settle();
  }

  async #getStream({
    inputDeviceId,
    echoCancellation,
    noiseSuppression,
  }: CaptureSettings): Promise<{ stream: MediaStream; substituted: boolean }> {
    const wishes = { echoCancellation, noiseSuppression, autoGainControl: false, channelCount: 1 };
    const open = (audio: MediaTrackConstraints) => navigator.mediaDevices.getUserMedia({ audio });
    if (inputDeviceId === null) return { stream: await open(wishes), substituted: false };
    try {
      return { stream: await open({ ...wishes, deviceId: { exact: inputDeviceId } }), substituted: false };
    } catch (error) {
      if (!['OverconstrainedError', 'NotFoundError'].includes(toError(error).name)) throw error;
      return { stream: await open(wishes), substituted: true };
    }
  }

  async #lost(microphone: OpenMicrophone): Promise<void> {
    if (this.#microphone !== microphone) return;
    this.#release();
    if (this.#takeId === null && !this.#monitored) this.#settle();
    else await this.#fail(microphoneLost(this.#input.deviceLabel));
  }

  async #fail(error: FaultView): Promise<void> {
    const takeId = this.#takeId;
    this.#monitored = false;
    // A warm microphone is tried again at the next press, not in a loop.
    if (takeId !== null) await this.close(true).catch(() => undefined);
    this.#listener.failed(takeId, error);
  }

  #release(): void {
    if (!this.#microphone) return;
    const { stream, source } = this.#microphone;
    this.#microphone = null;
    source.disconnect();
    for (const track of stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
  }
}

function opensAlike(one: CaptureSettings, other: CaptureSettings): boolean {
  return (
    one.inputDeviceId === other.inputDeviceId &&
    one.echoCancellation === other.echoCancellation &&
    one.noiseSuppression === other.noiseSuppression
  );
}

function processing(settings: MediaTrackSettings): string[] {
  return [
    settings.echoCancellation ? 'echo-cancellation' : null,
    settings.noiseSuppression ? 'noise-suppression' : null,
    settings.autoGainControl ? 'automatic-gain-control' : null,
  ].filter((name) => name !== null);
}

function answered(port: MessagePort, expected: CaptureAnswer): Promise<void> {
  return new Promise((resolve) => {
    port.addEventListener('message', function hear({ data }: MessageEvent<CaptureAnswer>) {
      if (data !== expected) return;
      port.removeEventListener('message', hear);
      resolve();
    });
  });
}

function toError(thrown: unknown): { name: string; message: string } {
  return thrown instanceof Error ? thrown : { name: 'Error', message: String(thrown) };
}
