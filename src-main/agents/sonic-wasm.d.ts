/** The functions of Sonic that are used here; the package brings no types. */
declare module '@echogarden/sonic-wasm' {
  export interface Sonic {
    /** Looked up anew each time: it is replaced when the memory grows. */
    readonly HEAP16: Int16Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    /** @returns a stream's handle */
    _sonicCreateStream(sampleRate: number, channels: number): number;
    _sonicDestroyStream(stream: number): void;
    _sonicSetSpeed(stream: number, speed: number): void;
    _sonicWriteShortToStream(stream: number, samples: number, count: number): number;
    _sonicSamplesAvailable(stream: number): number;
    _sonicReadShortFromStream(stream: number, samples: number, most: number): number;
    _sonicFlushStream(stream: number): number;
  }
  export default function loadSonic(): Promise<Sonic>;
}
