/** Parameters that a server may not know: offered until it refuses them, and not offered again once it worked without. */
import { Fault } from '../../fault.ts';

export class OptionalParameters<Name extends string> {
  readonly #refused = new Set<Name>();
  readonly #refusals: readonly string[];

  /** @param refusals codes of the faults that may come of a parameter */
  constructor(refusals: readonly string[] = ['request-refused']) {
    this.#refusals = refusals;
  }

  /**
   * Makes a request, and again with fewer parameters when it is refused.
   * @param wanted those that this request would have
   */
  async *offer<T>(
    wanted: readonly Name[],
    ask: (offered: ReadonlySet<Name>) => AsyncIterable<T>,
  ): AsyncGenerator<T, void> {
    let offered = wanted.filter((name) => !this.#refused.has(name));
    while (true) {
      try {
        for await (const item of ask(new Set(offered))) {
          for (const name of wanted) if (!offered.includes(name)) this.#refused.add(name);
          yield item;
        }
        return;
      } catch (thrown) {
        if (offered.length === 0 || !(thrown instanceof Fault) || !this.#refusals.includes(thrown.code)) throw thrown;
        const named = offered.filter((name) => thrown.message.includes(name));
        offered = named.length > 0 ? offered.filter((name) => !named.includes(name)) : [];
      }
    }
  }

  /** Not offered again: the server took it without a word and did something else. */
  refuse(name: Name): void {
    this.#refused.add(name);
  }
}
