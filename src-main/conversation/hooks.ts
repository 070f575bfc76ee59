/** Runs what an agent overrides: a hook that hangs is ended, a node that stalls or yields the wrong thing is named. */
import { Fault, toFault } from '../fault.ts';

/** Hooks may look things up, but somebody is waiting. */
const HOOK_TIMEOUT_MS = 15_000;
/** Providers have watchdogs of their own; this is for a node that never ends. */
const NODE_STALL_MS = 60_000;

/** @throws Fault with the hook's name; what `passes` accepts is thrown on as it is */
export async function runHook(
  name: string,
  hook: () => Promise<void>,
  passes: (thrown: unknown) => boolean = () => false,
): Promise<void> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      reject(
        new Fault('hook-timeout', `${name} did not end within ${HOOK_TIMEOUT_MS / 1000} s`, {
          hint: 'Give slow work to a tool, or do not wait for it in the hook.',
          stage: 'hook',
        }),
      ),
    HOOK_TIMEOUT_MS,
  );
  try {
    // Not from within the call that runs it: what a hook starts finds the session as that call leaves it.
    await Promise.race([Promise.resolve().then(hook), timeout]);
  } catch (thrown) {
    if (passes(thrown) || thrown instanceof Fault) throw thrown;
    throw new Fault('hook-failed', `${name} failed: ${messageOf(thrown)}`, {
      hint: 'Mend the agent: the error is in its hook.',
      stage: 'hook',
      cause: thrown,
    });
  } finally {
    clearTimeout(timer);
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
  let iterator: AsyncIterator<T> | undefined;
  let ended = false;
  try {
    const output = await node();
    if (output === null) return;
    if (typeof output?.[Symbol.asyncIterator] !== 'function') throw wrongType(name, 'an AsyncIterable or null');
    iterator = output[Symbol.asyncIterator]();
    while (true) {
      const next = await withinStall(name, iterator.next(), inputEnded);
      if (next.done) {
        ended = true;
        return;
      }
      signal.throwIfAborted();
      const expected = check(next.value);
      if (expected) throw wrongType(name, expected);
      yield next.value;
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
    // Not awaited: a node that is stuck would hold everything up.
    if (!ended) void Promise.resolve(iterator?.return?.()).catch(() => {});
  }
}

async function withinStall<T>(name: string, next: Promise<T>, inputEnded: Promise<unknown>): Promise<T> {
  const { promise: stalled, reject } = Promise.withResolvers<never>();
  const stall = () =>
    reject(
      new Fault('node-stalled', `${name} yielded nothing for ${NODE_STALL_MS / 1000} s`, {
        hint: 'Mend the agent: a node must end, or go on yielding.',
        stage: 'hook',
      }),
    );
  let timer: NodeJS.Timeout | undefined;
  let over = false;
  void inputEnded.then(() => {
    if (!over) timer = setTimeout(stall, NODE_STALL_MS);
  });
  return Promise.race([next, stalled]).finally(() => {
    over = true;
    clearTimeout(timer);
  });
}

function wrongType(name: string, expected: string): Fault {
  return new Fault('node-type', `${name} must yield ${expected}`, {
    hint: 'Mend the agent: the node yields something else.',
    stage: 'hook',
  });
}

function messageOf(thrown: unknown): string {
  return toFault(thrown).message;
}
