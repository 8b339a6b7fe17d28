import { type Label, labelsKey } from "@clew/protocol/traceql/series";

/** A span of a series, as an example. */
export interface Exemplar {
  readonly traceId: string;
  readonly spanId: string;
  readonly startNs: bigint;
  /** What the span says of the quantity that is measured; undefined where spans are counted. */
  readonly value: number | undefined;
}

/** Of all series together. */
const MOST_EXEMPLARS = 20_000;

/** A few spans for each series. Which ones is left to chance, but always the same. */
export class Exemplars {
  /** For each series. */
  readonly most: number;
  readonly #bySeries = new Map<string, { readonly rank: number; readonly exemplar: Exemplar }[]>();
  #count = 0;

  constructor(most: number) {
    this.most = most;
  }

  add(labels: readonly Label[], exemplar: Exemplar): void {
    if (this.most === 0) return;
    const key = labelsKey(labels);
    const known = this.#bySeries.get(key) ?? [];
    if (known.length === 0) {
      if (this.#count >= MOST_EXEMPLARS) return;
      this.#bySeries.set(key, known);
    }
    known.push({ rank: rankOf(exemplar.spanId), exemplar });
    this.#count += 1;
    if (known.length <= this.most && this.#count <= MOST_EXEMPLARS) return;
    known.sort((a, b) => a.rank - b.rank).pop();
    this.#count -= 1;
  }

  /** Oldest first. */
  of(labels: readonly Label[]): readonly Exemplar[] {
    // Quantiles of the same spans have the same examples.
    const found =
      this.#bySeries.get(labelsKey(labels)) ??
      this.#bySeries.get(labelsKey(labels.filter(({ name }) => name !== "p"))) ??
      [];
    return found
      .map(({ exemplar }) => exemplar)
      .sort((a, b) => (a.startNs < b.startNs ? -1 : Number(a.startNs > b.startNs)));
  }
}

/** Spreads ids that follow one another. */
function rankOf(spanId: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < spanId.length; at++) hash = Math.imul(hash ^ spanId.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
