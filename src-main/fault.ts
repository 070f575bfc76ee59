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
}

/** Turns whatever was thrown into a fault; an unforeseen error becomes `unexpected`, its cause kept. */
export function toFault(thrown: unknown, stage?: FaultStage): Fault {
  if (thrown instanceof Fault) return stage ? thrown.in(stage) : thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Fault('unexpected', message, {
    hint: 'This should not happen. Try again; `squelch doctor` shows what works here.',
    cause: thrown,
    ...(stage ? { stage } : {}),
  });
}

export function reportFault(fault: Fault): FaultReport {
  return { stage: fault.stage, code: fault.code, message: fault.message, hint: fault.hint };
}
