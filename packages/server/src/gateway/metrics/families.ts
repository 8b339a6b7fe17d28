/** Label names and values of one series. An undefined value is left out. */
export type Labels = Readonly<Record<string, string | undefined>>;

/** Series that a family may have. Names of models come from callers, so there is no other bound. */
const MAX_SERIES = 500;
const MAX_VALUE_LENGTH = 120;

/** What series beyond the bound are counted as. */
const OTHERS = '{otel_metric_overflow="true"}';

/** Counters or gauges of one name, as Prometheus reads them. */
export class NumberFamily {
  readonly #head: string;
  readonly #name: string;
  readonly #values = new Map<string, number>();

  constructor(type: "counter" | "gauge", name: string, help: string) {
    this.#name = name;
    this.#head = headOf(type, name, help);
  }

  add(labels: Labels, by = 1): void {
    const key = bounded(this.#values, labelText(labels));
    this.#values.set(key, (this.#values.get(key) ?? 0) + by);
  }

  /** Empty when there is no series. */
  text(): string {
    if (this.#values.size === 0) return "";
    let text = this.#head;
    for (const [labels, value] of this.#values) text += `${this.#name}${labels} ${value}\n`;
    return text;
  }
}

interface Histogram {
  readonly counts: number[];
  sum: number;
  count: number;
}

/** Histograms of one name, in seconds. */
export class HistogramFamily {
  readonly #head: string;
  readonly #name: string;
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Histogram>();

  /** `bounds` are the upper, inclusive ones of all buckets but the last. */
  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name;
    this.#bounds = bounds;
    this.#head = headOf("histogram", name, help);
  }

  observe(labels: Labels, seconds: number): void {
    const key = bounded(this.#series, labelText(labels));
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { counts: this.#bounds.map(() => 0), sum: 0, count: 0 };
      this.#series.set(key, series);
    }
    const bucket = this.#bounds.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += seconds;
    series.count += 1;
  }

  text(): string {
    if (this.#series.size === 0) return "";
    let text = this.#head;
    for (const [labels, { counts, sum, count }] of this.#series) {
      const before = labels === "" ? "{" : `${labels.slice(0, -1)},`;
      let below = 0;
      for (const [index, bound] of this.#bounds.entries()) {
        below += counts[index] ?? 0;
        text += `${this.#name}_bucket${before}le="${bound}"} ${below}\n`;
      }
      text += `${this.#name}_bucket${before}le="+Inf"} ${count}\n`;
      text += `${this.#name}_sum${labels} ${sum}\n${this.#name}_count${labels} ${count}\n`;
    }
    return text;
  }
}

function headOf(type: string, name: string, help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

function bounded(known: ReadonlyMap<string, unknown>, key: string): string {
  return known.has(key) || known.size < MAX_SERIES ? key : OTHERS;
}

function labelText(labels: Labels): string {
  let text = "";
  for (const name in labels) {
    const value = labels[name];
    if (value !== undefined) text += `${text === "" ? "{" : ","}${name}="${escaped(value)}"`;
  }
  return text === "" ? "" : `${text}}`;
}

function escaped(value: string): string {
  const short = value.length > MAX_VALUE_LENGTH ? value.slice(0, MAX_VALUE_LENGTH) : value;
  return /[\\"\n]/.test(short)
    ? short.replace(/[\\"\n]/g, (found) => (found === "\n" ? "\\n" : `\\${found}`))
    : short;
}
