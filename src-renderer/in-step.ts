/** Keeps what is known in step with events while questions are under way: an answer may be older than what was heard since it was asked for. */

type Change<S> = (state: S) => Partial<S>;

interface Keeper<S> {
  setState(change: (state: S) => Partial<S>): void;
}

export interface InStep<S> {
  /** An event. */
  hear(change: Change<S>): void;
  /** An answer: what was heard since it was asked for is put on top of it, in one change. Rejects as `ask` does. */
  read(ask: () => Promise<Change<S>>): Promise<void>;
}

export function inStep<S extends object>(keeper: Keeper<S>): InStep<S> {
  /** Of each question that is under way. */
  const heardSince = new Set<Change<S>[]>();
  return {
    hear(change) {
      keeper.setState(change);
      for (const heard of heardSince) heard.push(change);
    },
    async read(ask) {
      const heard: Change<S>[] = [];
      heardSince.add(heard);
      const answer = await ask().finally(() => heardSince.delete(heard));
      keeper.setState((state) => {
        let now = state;
        for (const change of [answer, ...heard]) now = { ...now, ...change(now) };
        return now;
      });
    },
  };
}
