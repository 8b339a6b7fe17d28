import { didYouMean } from "../../config/nearest.ts";

export type FieldPath = readonly (string | number)[];

/** Where values come from, and where what is wrong with them is told. */
export interface FieldSource {
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Where the value at this path stands, for people. */
  readonly where: (path: FieldPath) => string;
  readonly problems: string[];
}

/** How a text becomes a value; undefined when it's none of those allowed. */
export interface Reading<Value> {
  /** Completes "it must be …". */
  readonly allowed: string;
  readonly read: (text: string) => Value | undefined;
  /** Never shown. */
  readonly isSecret?: true;
}

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** A value at a path of the section, to be read with what it has to be. */
export class Field {
  readonly path: FieldPath;
  readonly value: unknown;
  readonly #source: FieldSource;

  constructor(source: FieldSource, path: FieldPath, value: unknown) {
    this.#source = source;
    this.path = path;
    this.value = value;
  }

  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  /** As in the file: `gateway.listeners[0].port`. */
  get name(): string {
    return this.path
      .map((step, at) => (typeof step === "number" ? `[${step}]` : at === 0 ? step : `.${step}`))
      .join("");
  }

  /** The value; `fallback` when it's absent or wrong, which is told. */
  as<Value, Fallback>(reading: Reading<Value>, fallback: Fallback): Value | Fallback {
    if (this.isAbsent) return fallback;
    if (typeof this.value === "string") {
      const text = this.#filledIn(this.value);
      if (text === undefined) return fallback;
      const value = reading.read(text);
      if (value !== undefined) return value;
    }
    this.wrong(reading);
    return fallback;
  }

  /** A list of values, or one value alone. */
  list<Value>(reading: Reading<Value>): Value[] {
    return this.items().flatMap((item) => {
      const value = item.as(reading, undefined);
      return value === undefined ? [] : [value];
    });
  }

  items(): Field[] {
    if (this.isAbsent) return [];
    if (!Array.isArray(this.value)) return [this];
    return this.value.map((value, at) => new Field(this.#source, [...this.path, at], value));
  }

  /** The entries of a map with keys of any name. */
  entries(allowed: string): [key: string, field: Field][] {
    const map = this.#map(allowed);
    return Object.entries(map).map(([key, value]) => [
      key,
      new Field(this.#source, [...this.path, key], value),
    ]);
  }

  /** The fields of a map with these keys only. */
  group<Key extends string>(keys: readonly Key[]): Record<Key, Field> {
    const map = this.#map(`a group of ${keys.join(", ")}`);
    for (const key of Object.keys(map)) {
      if ((keys as readonly string[]).includes(key)) continue;
      const at = [...this.path, key];
      const { name } = new Field(this.#source, at, undefined);
      this.#source.problems.push(
        `${this.#source.where(at)}: unknown setting ${name}${didYouMean(key, keys)}`,
      );
    }
    const fields = keys.map((key) => [key, new Field(this.#source, [...this.path, key], map[key])]);
    return Object.fromEntries(fields) as Record<Key, Field>;
  }

  wrong({ allowed, isSecret }: Pick<Reading<unknown>, "allowed" | "isSecret">): void {
    const value = isSecret === true ? "has a value that" : `is ${shown(this.value)}, which`;
    this.problem(`${value} is not allowed; it must be ${allowed}`);
  }

  missing(allowed: string): void {
    this.problem(`is missing; it must be ${allowed}`);
  }

  problem(text: string): void {
    this.#source.problems.push(`${this.#source.where(this.path)}: ${this.name} ${text}`);
  }

  #map(allowed: string): Readonly<Record<string, unknown>> {
    if (this.isAbsent) return {};
    if (typeof this.value === "object" && !Array.isArray(this.value)) {
      return this.value as Readonly<Record<string, unknown>>;
    }
    this.wrong({ allowed });
    return {};
  }

  /** `${NAME}` and `${NAME:-otherwise}` are variables of the environment. */
  #filledIn(text: string): string | undefined {
    if (!text.includes("${")) return text;
    const unset: string[] = [];
    const filled = text.replace(VARIABLE, (_, name: string, otherwise: string | undefined) => {
      const value = this.#source.env[name] || otherwise;
      if (value === undefined) unset.push(name);
      return value ?? "";
    });
    if (unset.length === 0) return filled;
    this.problem(`names the variable ${unset.join(", ")}, which is not set`);
    return undefined;
  }
}

/** Numbers and truths without quotes, as they stand in the file; no more than fits a line. */
function shown(value: unknown): string {
  if (typeof value === "string" && /^(-?\d+(\.\d+)?|true|false)$/.test(value)) return value;
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
