/** Stretches of time: what two sets of them have in common, and where they differ. All are ordered and disjoint. */

export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** What of `spans` lies outside `others`. */
export function without(spans: readonly Span[], others: readonly Span[]): Span[] {
  const left: Span[] = [];
  let next = 0;
  for (const { startMs, endMs } of spans) {
    while (next < others.length && (others[next] as Span).endMs <= startMs) next++;
    let from = startMs;
    for (let i = next; i < others.length && (others[i] as Span).startMs < endMs; i++) {
      const other = others[i] as Span;
      if (other.startMs > from) left.push({ startMs: from, endMs: other.startMs });
      from = Math.max(from, other.endMs);
    }
    if (from < endMs) left.push({ startMs: from, endMs });
  }
  return left;
}

/** Index of the first span that ends after `ms`; the length when there is none. */
export function firstAfter(spans: readonly Span[], ms: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as Span).endMs > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The span that holds `ms`. */
export function spanAt<S extends Span>(spans: readonly S[], ms: number): S | null {
  const found = spans[firstAfter(spans, ms)];
  return found && found.startMs <= ms ? found : null;
}

export function totalMs(spans: readonly Span[]): number {
  return spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}
