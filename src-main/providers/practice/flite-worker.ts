/**
 * The thread in which Flite runs. Its WebAssembly module is compiled once; every utterance has an instance of its own,
 * in a file system that exists in memory alone, so that nothing is left behind, neither there nor on the disk.
 */
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';

export interface FliteRequest {
  readonly id: number;
  readonly text: string;
  readonly voice: string;
}

/** `wav` is a whole file, or `error` says what Flite said. */
export type FliteAnswer =
  | { readonly id: number; readonly wav: Uint8Array<ArrayBuffer> }
  | { readonly id: number; readonly error: string };

/** As much of the global as is needed: TypeScript knows it only together with the whole DOM. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    constructor(module: Module, imports: object);
  }
}

const flite = new WebAssembly.Module(readFileSync(workerData as string));

parentPort?.on('message', ({ id, text, voice }: FliteRequest) => {
  const complaints: string[] = [];
  try {
    const wav = synthesize(text, voice, complaints);
    parentPort?.postMessage({ id, wav } satisfies FliteAnswer, [wav.buffer]);
  } catch (thrown) {
    parentPort?.postMessage({ id, error: [String(thrown), ...complaints].join('\n') } satisfies FliteAnswer);
  }
});

function synthesize(text: string, voice: string, complaints: string[]): Uint8Array<ArrayBuffer> {
  const output = new File([]);
  const console = () => ConsoleStdout.lineBuffered((line) => complaints.push(line));
  const files = [
    new OpenFile(new File([])),
    console(),
    console(),
    new PreopenDirectory('/', new Map([['speech.wav', output]])),
  ];
  const wasi = new WASI(['flite', '-voice', voice, '-t', text, '-o', '/speech.wav'], [], files, { debug: false });
  const instance = new WebAssembly.Instance(flite, { wasi_snapshot_preview1: wasi.wasiImport });
  const status = wasi.start(instance as Parameters<typeof wasi.start>[0]);
  if (status !== 0 || output.data.length === 0) throw new Error(`Flite ended with status ${status} and no sound`);
  return new Uint8Array(output.data);
}
