/** How far into a model's own sound the listener is, when a node between the two may have changed its length. */

interface Mark {
  /** Samples that were played out, and samples of the model's that went in, both from the beginning. */
  readonly played: number;
  readonly source: number;
}

export class PlayedPosition {
  readonly #marks: Mark[] = [{ played: 0, source: 0 }];

  /** Notes that `played` samples came of the first `source` ones. Neither ever falls. */
  mark(played: number, source: number): void {
    this.#marks.push({ played, source });
  }

  /** @returns samples of the model's sound; exact where nothing changes its length, an even share of it where it does */
  at(played: number): number {
    const next = this.#marks.findIndex((mark) => mark.played >= played);
    if (next <= 0) return next === 0 ? 0 : (this.#marks.at(-1)?.source ?? 0);
    const before = this.#marks[next - 1] as Mark;
    const after = this.#marks[next] as Mark;
    const share = (played - before.played) / (after.played - before.played);
    return Math.round(before.source + share * (after.source - before.source));
  }
}
