/** Runs what an agent overrides: a hook that hangs is ended, a node that stalls or yields the wrong thing is named. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextRound } from 'node:timers/promises';
import { Fault, toFault } from '../fault.ts';

/** Hooks may look things up, but somebody is waiting. */
const HOOK_TIMEOUT_MS = 15_000;
/** Providers have watchdogs of their own; this is for a node that never ends. */
const NODE_STALL_MS = 60_000;
/** A node that yields without ever waiting lets others run after so many items. */
const ITEMS_A_ROUND = 100;

/** The watch on the hook that runs. */
const watching = new AsyncLocalStorage<HookWatch>();

/** A hook that waits from `begun` to `done` for words to be heard does not hang, however long they are. */
export function uncounted(begun: Promise<void>, done: Promise<unknown>): void {
  const watch = watching.getStore();
  void begun.then(() => {
    watch?.pause();
    void done.then(() => watch?.resume());
  });
}

/** @throws Fault with the hook's name; what `passes` accepts is thrown on as it is */
export async function runHook(
  name: string,
  hook: () => Promise<void>,
  passes: (thrown: unknown) => boolean = () => false,
): Promise<void> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const watch = new HookWatch(() =>
    reject(
      new Fault('hook-timeout', `${name} did not end within ${HOOK_TIMEOUT_MS / 1000} s`, {
        hint: 'Give slow work to a tool, or do not wait for it in the hook.',
        stage: 'hook',
      }),
    ),
  );
  try {
    // Not from within the call that runs it: what a hook starts finds the session as that call leaves it.
    await Promise.race([Promise.resolve().then(() => watching.run(watch, hook)), timeout]);
  } catch (thrown) {
    if (passes(thrown) || thrown instanceof Fault) throw thrown;
    throw new Fault('hook-failed', `${name} failed: ${messageOf(thrown)}`, {
      hint: 'Mend the agent: the error is in its hook.',
      stage: 'hook',
      cause: thrown,
    });
  } finally {
    watch.stop();
  }
}

class HookWatch {
  readonly #expire: () => void;
  #timer: NodeJS.Timeout | null = null;
  #pauses = 0;
  #stopped = false;

  constructor(expire: () => void) {
    this.#expire = expire;
    this.#start();
  }

  pause(): void {
    this.#pauses += 1;
    if (this.#timer) clearTimeout(this.#timer);
  }

  resume(): void {
    this.#pauses -= 1;
    if (this.#pauses === 0 && !this.#stopped) this.#start();
  }

  stop(): void {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #start(): void {
    this.#timer = setTimeout(this.#expire, HOOK_TIMEOUT_MS);
  }
}

/**
 * Iterates a node's output, checking each item.
 * @param check returns what the node should have yielded, or null when the item is right
 * @param inputEnded until then it may be silent: nothing has to come of sound that is still being spoken
 * @throws Fault that names the node
 */
export async function* runNode<T>(
  name: string,
  node: () => AsyncIterable<T> | null | Promise<AsyncIterable<T> | null>,
  check: (item: T) => string | null,
  signal: AbortSignal,
  inputEnded: Promise<unknown> = Promise.resolve(),
): AsyncGenerator<T, void> {
  const stall = new StallWatch(name, inputEnded);
  let iterator: AsyncIterator<T> | undefined;
  let ended = false;
  try {
    const output = await stall.within(Promise.resolve(node()));
    if (output === null) return;
    if (typeof output?.[Symbol.asyncIterator] !== 'function') throw wrongType(name, 'return an AsyncIterable or null');
    iterator = output[Symbol.asyncIterator]();
    for (let count = 1; ; count++) {
      const next = await stall.within(iterator.next());
      if (next.done) {
        ended = true;
        return;
      }
      signal.throwIfAborted();
      const expected = check(next.value);
      if (expected) throw wrongType(name, `yield ${expected}`);
      yield next.value;
      if (count % ITEMS_A_ROUND === 0) await nextRound();
    }
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof Fault) throw thrown;
    throw new Fault('node-failed', `${name} failed: ${messageOf(thrown)}`, {
      hint: 'Mend the agent: the error is in its node.',
      stage: 'hook',
      cause: thrown,
    });
  } finally {
    stall.stop();
    // Not awaited: a node that is stuck would hold everything up.
    if (!ended && iterator) void letGo(iterator);
  }
}

/** What a node that is not listened to any more throws while it cleans up is nobody's error. */
async function letGo(iterator: AsyncIterator<unknown>): Promise<void> {
  try {
    await iterator.return?.();
  } catch {}
}

/** Ends the wait for an item that does not come. It has one timer for all of them: the sound of a reply is hundreds. */
class StallWatch {
  readonly #name: string;
  /** From the end of the input on. */
  #running = false;
  #stopped = false;
  #timer: NodeJS.Timeout | null = null;
  #giveUp: (fault: Fault) => void = () => {};

  constructor(name: string, inputEnded: Promise<unknown>) {
    this.#name = name;
    void inputEnded.then(() => {
      if (this.#stopped) return;
      this.#running = true;
      this.#restart();
    });
  }

  within<T>(next: Promise<T>): Promise<T> {
    this.#restart();
    return new Promise((resolve, reject) => {
      this.#giveUp = reject;
      Promise.resolve(next).then(resolve, reject);
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#running = false;
    if (this.#timer) clearTimeout(this.#timer);
  }

  #restart(): void {
    if (!this.#running) return;
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#giveUp(this.#fault()), NODE_STALL_MS);
  }

  #fault(): Fault {
    return new Fault('node-stalled', `${this.#name} yielded nothing for ${NODE_STALL_MS / 1000} s`, {
      hint: 'Mend the agent: a node must end, or go on yielding.',
      stage: 'hook',
    });
  }
}

/** @param expected what it must do */
function wrongType(name: string, expected: string): Fault {
  return new Fault('node-type', `${name} must ${expected}`, {
    hint: 'Mend the agent: it gives something else.',
    stage: 'hook',
  });
}

function messageOf(thrown: unknown): string {
  return toFault(thrown).message;
}
