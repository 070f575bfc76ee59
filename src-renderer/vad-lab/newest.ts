/** Requests of which only the newest matters: one is under way at a time, and what was asked meanwhile gives way to what came after. */

export function newestOnly<T>(run: (value: T) => Promise<void>): (value: T) => void {
  let waiting: { readonly value: T } | null = null;
  let running = false;

  async function drain() {
    running = true;
    while (waiting) {
      const { value } = waiting;
      waiting = null;
      await run(value);
    }
    running = false;
  }
  return (value) => {
    waiting = { value };
    if (!running) void drain();
  };
}
