/** An object of somebody else, of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;

const NOTHING: Fields = Object.freeze({});

/** The object itself; an empty one for anything else, so that its fields can be asked for. */
export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : NOTHING;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** The elements of a list; none of anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The texts of a list, or one text alone; undefined when there is none. */
export function textsOf(value: unknown): string[] | undefined {
  if (typeof value === "string") return [value];
  const texts = listOf(value).filter((item) => typeof item === "string");
  return texts.length === 0 ? undefined : texts;
}

/** The value that JSON text holds; the text itself where it holds none. */
export function fromJson(text: unknown): unknown {
  if (typeof text !== "string") return text;
  if (text === "") return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

const MAX_ID = 256;

/** A text or number that can be an id; undefined for what is empty or longer than an id is. */
export function idOf(value: unknown): string | undefined {
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  return typeof value === "string" && value !== "" && value.length <= MAX_ID ? value : undefined;
}
