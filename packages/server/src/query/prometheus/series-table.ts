/** One series: the values of its labels, and what was counted. */
export interface Series<Value> {
  readonly labels: readonly string[];
  readonly value: Value;
}

/** Series by the values of their labels, up to a number of them; what others would have counted is left out. */
export class SeriesTable<Value> implements Iterable<Series<Value>> {
  readonly #most: number;
  readonly #create: () => Value;
  readonly #series = new Map<string, Series<Value>>();
  #leftOut = 0;

  constructor(most: number, create: () => Value) {
    this.#most = most;
    this.#create = create;
  }

  /** The series with these labels; undefined when there are too many, and then `calls` are left out. */
  at(values: readonly string[], calls: number): Value | undefined {
    const labels = values.some(hasZero) ? values.map(withoutZero) : values;
    const key = labels.join("\u0000");
    let series = this.#series.get(key);
    if (series === undefined) {
      if (this.#series.size >= this.#most) {
        this.#leftOut += calls;
        return undefined;
      }
      series = { labels, value: this.#create() };
      this.#series.set(key, series);
    }
    return series.value;
  }

  /** Counts as left out what belongs to rows that were too many for a statement, which said what all add up to. */
  leaveOutBeyond(rows: readonly { readonly calls: string; readonly all_calls: string }[]): void {
    const told = rows.reduce((sum, { calls }) => sum + Number(calls), 0);
    this.#leftOut += Number(rows[0]?.all_calls ?? 0) - told;
  }

  /** Calls that no series counts. */
  get leftOut(): number {
    return this.#leftOut;
  }

  [Symbol.iterator](): Iterator<Series<Value>> {
    return this.#series.values();
  }
}

/** Scrapers take a zero for the end of the text. */
function hasZero(value: string): boolean {
  return value.includes("\u0000");
}

function withoutZero(value: string): string {
  return value.replaceAll("\u0000", "\ufffd");
}
