/**
 * A microphone whose sound the test decides, put into the page before its scripts run. It shares the AudioContext of
 * the capture, so that every sample arrives as it was given, and is never silent by nothing: a source that is not
 * connected would lose the head of what follows.
 */
import type { Page } from '@playwright/test';

interface InjectedMicrophone {
  /** Plays int16 samples at 24 kHz, in base64. Resolves when they have been played. */
  play(base64: string): Promise<void>;
  /** As if it were unplugged. */
  unplug(): void;
}

declare global {
  interface Window {
    testMicrophone: InjectedMicrophone;
  }
}

export class Microphone {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Call before the page is opened. */
  async plugIn(): Promise<void> {
    await this.#page.addInitScript(inject);
  }

  /** Speaks into it, at the pace of sound. The key must be down. */
  async say(samples: Int16Array): Promise<void> {
    const base64 = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).toString('base64');
    await this.#page.evaluate((sound) => window.testMicrophone.play(sound), base64);
  }

  async unplug(): Promise<void> {
    await this.#page.evaluate(() => window.testMicrophone.unplug());
  }
}

/** Runs in the page, as source text. */
function inject(): void {
  const RATE = 24_000;
  const contexts: AudioContext[] = [];
  const tracks: MediaStreamTrack[] = [];
  let destination: MediaStreamAudioDestinationNode | null = null;
  const open = Promise.withResolvers<void>();

  const RealAudioContext = window.AudioContext;
  window.AudioContext = class extends RealAudioContext {
    constructor(options?: AudioContextOptions & { sinkId?: unknown }) {
      super(options);
      // The capture has no loudspeaker.
      if (typeof options?.sinkId === 'object') contexts.push(this);
    }
  };

  navigator.mediaDevices.getUserMedia = async () => {
    const context = contexts[0];
    if (!context) throw new Error('The capture has made no context');
    if (!destination) {
      destination = context.createMediaStreamDestination();
      const floor = new ConstantSourceNode(context, { offset: 0 });
      floor.connect(destination);
      floor.start();
    }
    const stream = destination.stream.clone();
    for (const track of stream.getTracks()) {
      Object.defineProperty(track, 'label', { value: 'Built-in microphone' });
      tracks.push(track);
    }
    open.resolve();
    return stream;
  };

  window.testMicrophone = {
    async play(base64) {
      await open.promise;
      const context = contexts[0];
      if (!context || !destination) throw new Error('The microphone is not open');
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const samples = Float32Array.from(new Int16Array(bytes.buffer), (sample) => sample / 32_768);
      const buffer = new AudioBuffer({ length: samples.length, sampleRate: RATE });
      buffer.copyToChannel(samples, 0);
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(destination);
      await new Promise((resolve) => {
        source.onended = resolve;
        source.start();
      });
    },
    unplug() {
      for (const track of tracks) {
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
    },
  };
}
