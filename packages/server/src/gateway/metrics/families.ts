/** Label names and values of one series. An undefined value is left out. */
export type Labels = Readonly<Record<string, string | undefined>>;

/** Series that a family may have. Names of models come from callers, so there is no other bound. */
const MAX_SERIES = 500;
const MAX_VALUE_LENGTH = 120;

/** What series beyond the bound are counted as. */
const OTHERS = '{otel_metric_overflow="true"}';

/** How many label sets a family remembers with their text: the next request is mostly like one of the last. */
const MAX_RECENT = 8;

/** The series of a family, found by their labels; a label set that came lately costs no text. */
class SeriesMap<Series> {
  readonly byText = new Map<string, Series>();
  readonly #create: () => Series;
  readonly #recent: { readonly labels: Labels; readonly series: Series }[] = [];
  #next = 0;

  constructor(create: () => Series) {
    this.#create = create;
  }

  get(labels: Labels): Series {
    for (const known of this.#recent) if (isSame(known.labels, labels)) return known.series;
    const key = bounded(this.byText, labelText(labels));
    let series = this.byText.get(key);
    if (series === undefined) {
      series = this.#create();
      this.byText.set(key, series);
    }
    this.#recent[this.#next] = { labels, series };
    this.#next = (this.#next + 1) % MAX_RECENT;
    return series;
  }
}

/** Of the same family, so with the same names in the same order; a name may be missing in one. */
function isSame(a: Labels, b: Labels): boolean {
  for (const name in a) if (a[name] !== b[name]) return false;
  for (const name in b) if (a[name] !== b[name]) return false;
  return true;
}

/** Counters or gauges of one name, as Prometheus reads them. */
export class NumberFamily {
  readonly #head: string;
  readonly #name: string;
  readonly #values = new SeriesMap(() => ({ value: 0 }));

  constructor(type: "counter" | "gauge", name: string, help: string) {
    this.#name = name;
    this.#head = headOf(type, name, help);
  }

  add(labels: Labels, by = 1): void {
    this.#values.get(labels).value += by;
  }

  /** Empty when there is no series. */
  text(): string {
    if (this.#values.byText.size === 0) return "";
    let text = this.#head;
    for (const [labels, { value }] of this.#values.byText) text += `${this.#name}${labels} ${value}\n`;
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
  readonly #series: SeriesMap<Histogram>;

  /** `bounds` are the upper, inclusive ones of all buckets but the last. */
  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name;
    this.#bounds = bounds;
    this.#series = new SeriesMap(() => ({ counts: bounds.map(() => 0), sum: 0, count: 0 }));
    this.#head = headOf("histogram", name, help);
  }

  observe(labels: Labels, seconds: number): void {
    const series = this.#series.get(labels);
    const bucket = this.#bounds.findIndex((bound) => seconds <= bound);
    if (bucket >= 0) series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += seconds;
    series.count += 1;
  }

  text(): string {
    if (this.#series.byText.size === 0) return "";
    let text = this.#head;
    for (const [labels, { counts, sum, count }] of this.#series.byText) {
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
