import { ERROR_LABEL, type Label, type Series } from "./series.ts";
import { string, type Value, valueKey } from "./value.ts";

/** Which spans a value was seen on: those that the filter of `compare()` takes, or the others. */
export type ComparedSide = "baseline" | "selection";

/**
 * Counts the values of fields for `compare()`. The series are labelled as in Tempo: `__meta_type` is `selection` or
 * `baseline` with a field and its value, or `selection_total` or `baseline_total` with a field and nil. Of each field
 * the most frequent values are told; `__meta_error` names the fields that have more.
 */
export class ComparedCounts {
  readonly #points: number;
  readonly #topN: number;
  readonly #sides = { baseline: new Map<string, FieldCounts>(), selection: new Map<string, FieldCounts>() };
  /** Different values so far, of all fields and both sides. */
  valueCount = 0;

  constructor(points: number, topN: number) {
    this.#points = points;
    this.#topN = topN;
  }

  add(side: ComparedSide, field: string, value: Value, point: number): void {
    const fields = this.#sides[side];
    let counts = fields.get(field);
    if (counts === undefined) {
      counts = { total: new Map(), values: new Map() };
      fields.set(field, counts);
    }
    const key = valueKey(value);
    let seen = counts.values.get(key);
    if (seen === undefined) {
      seen = { key, value, count: 0, points: new Map() };
      counts.values.set(key, seen);
      this.valueCount += 1;
    }
    seen.count += 1;
    for (const points of [seen.points, counts.total]) points.set(point, (points.get(point) ?? 0) + 1);
  }

  series(): readonly Series[] {
    const tooMany = new Set<string>();
    const series: Series[] = [];
    for (const [name, side] of Object.entries(this.#sides)) {
      for (const [field, { total, values }] of side) {
        const all = [...values.values()].sort(mostFirst);
        if (all.length > this.#topN) tooMany.add(field);
        for (const { value, points } of all.slice(0, this.#topN)) {
          series.push({ labels: meta("__meta_type", name, field, value), values: this.#dense(points) });
        }
        const labels = meta("__meta_type", `${name}_total`, field, undefined);
        series.push({ labels, values: this.#dense(total) });
      }
    }
    // These have no values at all, and are kept nevertheless.
    for (const field of tooMany) {
      series.push({ labels: meta(ERROR_LABEL, "__too_many_values__", field, undefined), values: [] });
    }
    return series;
  }

  #dense(counts: ReadonlyMap<number, number>): number[] {
    return Array.from({ length: this.#points }, (_, point) => counts.get(point) ?? 0);
  }
}

interface FieldCounts {
  readonly total: Map<number, number>;
  readonly values: Map<string, SeenValue>;
}

interface SeenValue {
  readonly key: string;
  readonly value: Value;
  count: number;
  readonly points: Map<number, number>;
}

function mostFirst(a: SeenValue, b: SeenValue): number {
  return b.count - a.count || (a.key < b.key ? -1 : 1);
}

function meta(name: string, side: string, field: string, value: Value): readonly Label[] {
  return [
    { name, value: string(side) },
    { name: field, value },
  ];
}
