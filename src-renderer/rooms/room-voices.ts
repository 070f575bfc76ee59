/** The loudspeaker of a room: people as they come; the agent through an ear for the log, silent while the key is down. */
import type { EarOrder } from './ear-worklet.ts';
import workletUrl from './ear-worklet.ts?worker&url';

interface Voice {
  readonly source: MediaStreamAudioSourceNode;
  readonly element: HTMLAudioElement;
}

export class RoomVoices {
  readonly #context: AudioContext;
  readonly #ear: AudioWorkletNode;
  readonly #voices = new Map<string, Voice>();

  /** @param heard takes packets of what the agent was heard to say; null where nobody keeps them. */
  static async open(context: AudioContext, heard: MessagePort | null): Promise<RoomVoices> {
    await context.audioWorklet.addModule(workletUrl);
    return new RoomVoices(context, heard);
  }

  private constructor(context: AudioContext, heard: MessagePort | null) {
    this.#context = context;
    this.#ear = new AudioWorkletNode(context, 'squelch-ear', {
      channelCount: 1,
      channelCountMode: 'explicit',
      outputChannelCount: [1],
    });
    this.#ear.connect(context.destination);
    if (heard) this.#ear.port.postMessage({ port: heard } satisfies EarOrder, [heard]);
  }

  add(id: string, track: MediaStreamTrack, isAgent: boolean): void {
    this.remove(id);
    const stream = new MediaStream([track]);
    // Chromium decodes a remote track only for an element that plays it; this one is never heard.
    const element = new Audio();
    element.muted = true;
    element.srcObject = stream;
    element.play().catch(() => undefined);
    const source = new MediaStreamAudioSourceNode(this.#context, { mediaStream: stream });
    source.connect(isAgent ? this.#ear : this.#context.destination);
    this.#voices.set(id, { source, element });
  }

  remove(id: string): void {
    const voice = this.#voices.get(id);
    if (!voice) return;
    this.#voices.delete(id);
    voice.source.disconnect();
    voice.element.srcObject = null;
  }

  /** Whoever speaks does not listen to the agent, and does not want its echo in the microphone. */
  hushAgent(hushed: boolean): void {
    this.#ear.port.postMessage({ deaf: hushed } satisfies EarOrder);
  }

  close(): void {
    for (const id of [...this.#voices.keys()]) this.remove(id);
    this.#ear.disconnect();
  }
}
