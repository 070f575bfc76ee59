/**
 * Recognises a take in pieces, while it is still being captured. The pieces, joined, are what was captured, sample by
 * sample; requests may overlap, and their words are committed in the order in which they were spoken.
 * A piece whose request failed while the key was down is sent again at the next cut, the others that failed once it got
 * through, and all at the release: only a request that was made after the release may fail the recognition.
 */
import { type AudioFrame, concatSamples, samplesToMs } from '../../audio/frame.ts';
import { Channel } from '../../channel.ts';
import { toFault } from '../../fault.ts';
import type { SpeechEvent, SttOptions, Transcriber } from './stt.ts';
import { isVoiced } from './voiced.ts';

/** The piece that is growing, as a rule for cutting sees it. */
export interface GrowingPiece {
  readonly durationMs: number;
  /** The frame that was added last. */
  readonly last: AudioFrame;
  /** Whether voice detection heard anything at all in it. */
  readonly voiced: boolean;
}

export interface PiecePolicy {
  /** Whether the piece ends here. */
  cut(piece: GrowingPiece): boolean;
  /** Whether a finished piece is worth a request. */
  send(piece: GrowingPiece): boolean;
}

/** Recognisers take the last 224 tokens of a prompt at most. */
const PROMPT_CHARACTERS = 600;

interface SentPiece {
  samples: Int16Array;
  readonly sampleRate: number;
  state: 'asked' | 'failed' | 'done';
  /** Asked after the release: this attempt is the last. */
  last: boolean;
  /** What is known of its words so far; all of them when `done`. */
  text: string;
}

/** @throws Fault of stage `stt`, or the signal's reason */
export async function* recognizeInPieces(
  transcriber: Transcriber,
  policy: PiecePolicy,
  audio: AsyncIterable<AudioFrame>,
  options: SttOptions,
): AsyncGenerator<SpeechEvent, void> {
  options.signal.throwIfAborted();
  const events = new Channel<SpeechEvent>();
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  const sent: SentPiece[] = [];
  let committed = 0;
  let released = false;

  function ask(piece: SentPiece): void {
    piece.state = 'asked';
    piece.last = released;
    transcribe(piece).catch((thrown: unknown) => {
      if (signal.aborted) return;
      piece.state = 'failed';
      piece.text = '';
      if (piece.last) events.fail(toFault(thrown, 'stt'));
      else if (released) ask(piece);
    });
  }

  async function transcribe(piece: SentPiece): Promise<void> {
    const before = sent.slice(0, sent.indexOf(piece)).filter(({ state }) => state === 'done');
    const prompt = lastWords(joinWords(before.map(({ text }) => text)));
    const answer = transcriber.transcribe(piece.samples, piece.sampleRate, {
      ...options,
      signal,
      prompt: prompt || null,
    });
    for await (const event of answer) {
      piece.text = event.text.trim();
      if (event.type === 'final') finish(piece);
      else announceTentative();
    }
    if (piece.state !== 'done') finish(piece);
  }

  function finish(piece: SentPiece): void {
    piece.state = 'done';
    piece.samples = new Int16Array(0);
    let next = sent[committed];
    while (next?.state === 'done') {
      events.push({ type: 'final', text: next.text });
      next = sent[++committed];
    }
    announceTentative();
    endIfComplete();
    if (!released) askAgain();
  }

  /** One at a time: in a long take a server that is down would be asked for more and more at once. */
  function askAgain(): void {
    const failed = sent.find(({ state }) => state === 'failed');
    if (failed) ask(failed);
  }

  function announceTentative(): void {
    const text = joinWords(sent.slice(committed).map((piece) => piece.text));
    if (text) events.push({ type: 'interim', text });
  }

  const isComplete = () => released && committed === sent.length;

  function endIfComplete(): void {
    if (isComplete()) events.close();
  }

  async function listen(): Promise<void> {
    let frames: Int16Array[] = [];
    let growing: GrowingPiece | null = null;
    let sampleRate = 0;
    const send = (piece: GrowingPiece) => {
      if (policy.send(piece)) {
        const next: SentPiece = {
          samples: concatSamples(frames),
          sampleRate,
          state: 'asked',
          last: released,
          text: '',
        };
        sent.push(next);
        ask(next);
      }
      frames = [];
      growing = null;
    };
    for await (const frame of audio) {
      sampleRate = frame.sampleRate;
      frames.push(frame.samples);
      growing = grow(growing, frame);
      if (!policy.cut(growing)) continue;
      askAgain();
      send(growing);
    }
    if (signal.aborted) return;
    released = true;
    if (growing) send(growing);
    for (const piece of sent) if (piece.state === 'failed') ask(piece);
    endIfComplete();
  }

  const abandon = () => events.fail(options.signal.reason);
  options.signal.addEventListener('abort', abandon, { once: true });
  try {
    listen().catch((thrown: unknown) => events.fail(toFault(thrown, 'stt')));
    yield* events;
  } finally {
    options.signal.removeEventListener('abort', abandon);
    // An answer that is complete may still be on its last bytes, which belong to the record.
    if (!isComplete()) left.abort();
  }
}

function grow(piece: GrowingPiece | null, last: AudioFrame): GrowingPiece {
  const durationMs = (piece?.durationMs ?? 0) + samplesToMs(last.samples.length, last.sampleRate);
  return { durationMs, last, voiced: (piece?.voiced ?? false) || isVoiced(last) };
}

function joinWords(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(' ');
}

/** The end of a text, from the beginning of a word. */
function lastWords(text: string): string {
  return text.length <= PROMPT_CHARACTERS ? text : text.slice(-PROMPT_CHARACTERS).replace(/^\S*\s+/, '');
}
