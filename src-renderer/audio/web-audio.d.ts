/** What Web Audio has in Chromium and TypeScript's DOM library leaves out. */
declare abstract class AudioWorkletProcessor {
  readonly port: MessagePort;
}

declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

interface AudioContextOptions {
  sinkId?: string | { type: 'none' };
}

interface AudioContext {
  setSinkId(sinkId: string | { type: 'none' }): Promise<void>;
}
