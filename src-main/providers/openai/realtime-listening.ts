/**
 * Sound on its way into a Realtime server while it is spoken, and its words on their way back. What was captured is kept
 * until its words are known: a connection that is lost while the key is down, or shortly after, costs a second sending
 * and nothing else.
 */
import { AsyncResource } from 'node:async_hooks';
import { type AudioFrame, msToSamples, PIPELINE_RATE, samplesToMs } from '../../audio/frame.ts';
import { encodePcm } from '../../audio/wav.ts';
import { Channel } from '../../channel.ts';
import type { SpeechEvent } from '../../speech/stt/stt.ts';
import { isVoiced } from '../../speech/stt/voiced.ts';
import { AnswerStalled, AnswerTimedOut } from './faults.ts';
import type { Exchange, RealtimeConnection, ServerEvent } from './realtime-connection.ts';
import { reportedError } from './realtime-errors.ts';
import type { RealtimeLink } from './realtime-link.ts';

/** The API refuses to commit less; what is missing is silence. */
const SHORTEST_SAMPLES = msToSamples(100, PIPELINE_RATE);
const TRANSCRIPTION = 'conversation.item.input_audio_transcription.';

/** What becomes one item of the server's. */
export interface HeardPiece {
  readonly sounds: readonly Int16Array[];
  readonly durationMs: number;
  /** The server's id, once it is known. */
  readonly itemId: string | null;
  readonly text: string;
  /** Whether `text` is final. */
  readonly done: boolean;
}

export interface Listening {
  readonly link: RealtimeLink;
  readonly signal: AbortSignal;
  /**
   * `phrases`: committed whenever voice detection closes a segment, and sent again when their recognition fails.
   * `whole`: one item, which is part of a conversation once it was committed.
   */
  readonly items: 'phrases' | 'whole';
  /** A piece was committed on this connection; called again when the server has named it. */
  readonly onCommitted?: (piece: HeardPiece, connection: RealtimeConnection) => void;
  readonly onTranscribed?: (piece: HeardPiece, usage: unknown, connection: RealtimeConnection) => void;
  /** All of the sound is committed. */
  readonly onHeard?: () => void;
}

class Piece implements HeardPiece {
  readonly sounds: Int16Array[] = [];
  samples = 0;
  voiced = false;
  /** No more sound will come to it. */
  closed = false;
  done = false;
  itemId: string | null = null;
  text = '';
  /** How many of `sounds` were sent in the present exchange, and whether they were committed there. */
  sent = 0;
  committed = false;

  get durationMs(): number {
    return samplesToMs(this.samples, PIPELINE_RATE);
  }

  add(samples: Int16Array): void {
    this.sounds.push(samples);
    this.samples += samples.length;
  }

  /** Its words are known: its sound is needed no more. */
  forget(): void {
    this.sounds.length = 0;
  }

  close(): void {
    if (this.samples < SHORTEST_SAMPLES) this.add(new Int16Array(SHORTEST_SAMPLES - this.samples));
    this.closed = true;
  }
}

/**
 * @param audio at 24 kHz
 * @returns growing interim texts, then a `final` for each piece, in order
 * @throws Fault, or the signal's reason
 */
export async function* listen(
  audio: AsyncIterable<AudioFrame>,
  listening: Listening,
): AsyncGenerator<SpeechEvent, void> {
  const { link, signal } = listening;
  signal.throwIfAborted();
  const ear = new Ear(listening);
  // An interruption must be through before anybody else speaks.
  const abort = AsyncResource.bind(() => ear.leave(signal.reason));
  signal.addEventListener('abort', abort, { once: true });
  try {
    ear.hear(audio).catch((thrown: unknown) => ear.events.fail(signal.aborted ? signal.reason : link.fault(thrown)));
    yield* ear.events;
  } finally {
    signal.removeEventListener('abort', abort);
    ear.leave(new Error('Nobody listens any more'));
  }
}

class Ear {
  readonly events = new Channel<SpeechEvent>();
  readonly #listening: Listening;
  readonly #pieces: Piece[] = [];
  #growing = new Piece();
  #exchange: Exchange | null = null;
  #reading: Promise<void> = Promise.resolve();
  #announced = 0;
  #released = false;
  #left = false;
  /** What failed is tried again after the next phrase, not at the next frame. */
  #resting = false;
  /** A connection was asked for; it is not asked for again with every frame. */
  #knocked = false;

  constructor(listening: Listening) {
    this.#listening = listening;
  }

  async hear(audio: AsyncIterable<AudioFrame>): Promise<void> {
    const phrases = this.#listening.items === 'phrases';
    for await (const frame of audio) {
      if (this.#left) return;
      this.#growing.add(frame.samples);
      this.#growing.voiced ||= isVoiced(frame);
      if (phrases && frame.activity?.segmentEnded && this.#growing.samples >= SHORTEST_SAMPLES) this.#endPiece();
      this.#sendWhileHeld();
    }
    if (this.#left) return;
    this.#released = true;
    if (this.#growing.voiced) this.#endPiece();
    await this.#complete();
    this.events.close();
  }

  /** Idempotent. */
  leave(reason: unknown): void {
    this.#left = true;
    this.#detach();
    this.events.fail(reason);
  }

  async #complete(): Promise<void> {
    const { link, signal, items, onHeard } = this.#listening;
    if (this.#pieces.length === 0) return;
    let heard = false;
    for (let retried = false; ; retried = true) {
      try {
        const connection = await link.connect(signal);
        if (this.#left) return;
        if (this.#exchange?.connection !== connection) this.#attach(connection);
        this.#send();
        if (!heard) onHeard?.();
        heard = true;
        if (this.#pieces.every(({ done }) => done)) return;
        const waitMs = connection.timeouts.firstByteMs + this.#pendingMs;
        this.#exchange?.failAfter(new AnswerTimedOut(waitMs), waitMs);
        await this.#reading;
        return;
      } catch (thrown) {
        // A conversation remembers what it has heard, whether or not its words become known.
        if (retried || this.#left || (heard && items === 'whole')) throw thrown;
        this.#detach();
      }
    }
  }

  /** Nothing waits for a connection here: the sound does. */
  #sendWhileHeld(): void {
    if (!this.#growing.voiced && this.#pieces.length === 0) return;
    if (!this.#exchange && !this.#resting) {
      const { link } = this.#listening;
      const connection = link.current;
      if (connection) this.#attach(connection);
      else if (!this.#knocked) link.warm();
      this.#knocked = true;
    }
    this.#send();
  }

  #attach(connection: RealtimeConnection): void {
    this.#detach();
    const exchange = connection.exchange();
    this.#exchange = exchange;
    this.#reading = this.#read(exchange);
    this.#reading.catch(() => {
      if (this.#exchange !== exchange || this.#released) return;
      this.#resting = connection.alive;
      this.#knocked = connection.alive;
      this.#detach();
    });
  }

  /** Makes the server forget what was not committed. */
  #detach(): void {
    const pieces = [...this.#pieces, this.#growing];
    const begun = pieces.some(({ sent, committed }) => sent > 0 && !committed);
    if (begun) this.#exchange?.sendHarmless({ type: 'input_audio_buffer.clear' });
    this.#exchange?.close();
    this.#exchange = null;
    for (const piece of pieces) {
      piece.sent = 0;
      piece.committed = false;
      if (!piece.done) piece.itemId = null;
    }
  }

  #endPiece(): void {
    this.#growing.close();
    this.#pieces.push(this.#growing);
    this.#growing = new Piece();
    this.#resting = false;
    this.#knocked = false;
  }

  #send(): void {
    const exchange = this.#exchange;
    if (!exchange) return;
    for (const piece of [...this.#pieces, this.#growing]) {
      if (piece.done || piece.committed || !piece.voiced) continue;
      for (const sound of piece.sounds.slice(piece.sent)) {
        exchange.send({ type: 'input_audio_buffer.append', audio: Buffer.from(encodePcm(sound)).toString('base64') });
      }
      piece.sent = piece.sounds.length;
      if (piece.closed) this.#commit(piece, exchange);
    }
  }

  #commit(piece: Piece, exchange: Exchange): void {
    piece.committed = true;
    const { connection } = exchange;
    this.#listening.onCommitted?.(piece, connection);
    exchange.commit((itemId) => {
      if (this.#exchange !== exchange) return;
      piece.itemId = itemId;
      this.#listening.onCommitted?.(piece, connection);
    });
  }

  async #read(exchange: Exchange): Promise<void> {
    while (!this.#released || this.#pieces.some(({ done }) => !done)) this.#understand(await exchange.next(), exchange);
  }

  #understand(event: ServerEvent, exchange: Exchange): void {
    const { connection } = exchange;
    if (!event.type.startsWith(TRANSCRIPTION)) return;
    const piece = this.#pieceOf(event.item_id, connection);
    if (!piece) return;
    if (event.type === `${TRANSCRIPTION}failed`) throw reportedError(event.error);
    if (event.type === `${TRANSCRIPTION}delta` && typeof event.delta === 'string') piece.text += event.delta;
    if (event.type === `${TRANSCRIPTION}completed`) {
      if (typeof event.transcript === 'string') piece.text = event.transcript;
      piece.text = piece.text.trim();
      piece.done = true;
      this.#listening.onTranscribed?.(piece, event.usage, connection);
      piece.forget();
    }
    this.#announce();
    const { stallMs } = connection.timeouts;
    if (this.#released) exchange.failAfter(new AnswerStalled(stallMs), stallMs);
  }

  /** Models that write along do so before the sound is committed, under an id that nobody was told yet. */
  #pieceOf(itemId: unknown, connection: RealtimeConnection): Piece | undefined {
    if (typeof itemId !== 'string') return undefined;
    const pieces = [...this.#pieces, this.#growing];
    const known = pieces.find((piece) => piece.itemId === itemId);
    if (known || connection.claimed(itemId)) return known;
    const next = pieces.find((piece) => piece.itemId === null && piece.sent > 0 && !piece.done);
    if (next) next.itemId = itemId;
    return next;
  }

  #announce(): void {
    let next = this.#pieces[this.#announced];
    while (next?.done) {
      this.events.push({ type: 'final', text: next.text });
      next = this.#pieces[++this.#announced];
    }
    const tentative = [...this.#pieces.slice(this.#announced), this.#growing].map(({ text }) => text.trim());
    const text = tentative.filter((words) => words !== '').join(' ');
    if (text !== '') this.events.push({ type: 'interim', text });
  }

  get #pendingMs(): number {
    return this.#pieces.reduce((sum, { done, durationMs }) => sum + (done ? 0 : durationMs), 0);
  }
}
