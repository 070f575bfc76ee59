/**
 * The one error that crosses a boundary in Squelch: it tells a program what happened (`code`),
 * a person what to do (`hint`), and keeps what caused it (`cause`). Anything else that is thrown
 * is a bug of ours.
 */

/** The step of a turn in which something went wrong. */
export type FaultStage = 'capture' | 'vad' | 'stt' | 'llm' | 'tts' | 'playback' | 'log' | 'hook' | 'tool';

export interface FaultOptions {
  /** What the user can do about it: one sentence, no full stop needed beyond its own. */
  hint: string;
  stage?: FaultStage;
  cause?: unknown;
}

export class Fault extends Error {
  override readonly name = 'Fault';
  /** Stable, kebab-case, for scripts: `key-rejected`, `audio-empty`. */
  readonly code: string;
  readonly hint: string;
  readonly stage: FaultStage | null;

  constructor(code: string, message: string, options: FaultOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.stage = options.stage ?? null;
  }

  /** The same fault, known to have happened in `stage`. */
  in(stage: FaultStage): Fault {
    return this.stage ? this : new Fault(this.code, this.message, { hint: this.hint, stage, cause: this.cause });
  }
}

/** The shape in which a fault leaves the process: to a window, to `--json`, into the log. */
export interface FaultReport {
  stage: FaultStage | null;
  code: string;
  message: string;
  hint: string;
  /** What it came of, in the words of what threw it; left out where nothing did. */
  cause?: string | undefined;
}

/** Whatever is thrown may be of any length. */
const LONGEST_CAUSE = 1_000;

const TOO_MANY_FILES = {
  code: 'too-many-files',
  message: 'The system lets Squelch open no more files',
  hint: 'Close other programs, or raise the limit (`ulimit -n`).',
};
/** What the system denies a process: no bug of ours, and no trouble of the disk. */
const LIMITS: Readonly<Record<string, { code: string; message: string; hint: string }>> = {
  EMFILE: TOO_MANY_FILES,
  ENFILE: TOO_MANY_FILES,
  ERR_WORKER_INIT_FAILED: TOO_MANY_FILES,
  EFBIG: {
    code: 'file-too-large',
    message: 'The system lets Squelch write no file so large',
    hint: 'Raise the limit (`ulimit -f`), or use a disk that holds large files.',
  },
};

/** Turns whatever was thrown into a fault; an unforeseen error becomes `unexpected`, its cause kept. */
export function toFault(thrown: unknown, stage?: FaultStage): Fault {
  if (thrown instanceof Fault) return stage ? thrown.in(stage) : thrown;
  const limit = LIMITS[(thrown as NodeJS.ErrnoException | null)?.code ?? ''];
  if (limit) {
    const { code, message, hint } = limit;
    const more = { hint, cause: thrown, ...(stage ? { stage } : {}) };
    return new Fault(code, `${message} (${(thrown as Error).message}).`, more);
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Fault('unexpected', message, {
    hint: 'This should not happen. Try again; `squelch doctor` shows what works here.',
    cause: thrown,
    ...(stage ? { stage } : {}),
  });
}

export function reportFault(fault: Fault): FaultReport {
  const { stage, code, message, hint } = fault;
  const cause = causeOf(fault);
  return { stage, code, message, hint, ...(cause === '' ? {} : { cause }) };
}

/** From the nearest to the first one. */
function causeOf({ cause }: Error): string {
  const told: string[] = [];
  for (let one = cause; one !== undefined && one !== null && told.length < 5; one = (one as Error).cause) {
    const words = wordsOf(one).replace(/\.$/, '');
    if (!told.at(-1)?.includes(words)) told.push(words);
  }
  return told.join(': ').slice(0, LONGEST_CAUSE);
}

/** A server's refusal may quote the key that it was sent. */
function wordsOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return 'status' in cause && typeof cause.status === 'number' ? `HTTP ${cause.status}` : cause.message;
}
