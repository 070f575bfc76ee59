/** Parameters that a server may not know: offered until it refuses them, and not offered again once it worked without. */
import { Fault } from '../../fault.ts';

export class OptionalParameters<Name extends string> {
  #accepted: readonly Name[];
  readonly #refusals: readonly string[];

  /** @param refusals codes of the faults that may come of a parameter */
  constructor(names: readonly Name[], refusals: readonly string[] = ['request-refused']) {
    this.#accepted = names;
    this.#refusals = refusals;
  }

  /** Makes a request, and again with fewer parameters when it is refused. */
  async *offer<T>(ask: (offered: ReadonlySet<Name>) => AsyncIterable<T>): AsyncGenerator<T, void> {
    let offered = this.#accepted;
    while (true) {
      try {
        for await (const item of ask(new Set(offered))) {
          this.#accepted = offered.filter((name) => this.#accepted.includes(name));
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
  drop(name: Name): void {
    this.#accepted = this.#accepted.filter((accepted) => accepted !== name);
  }
}
