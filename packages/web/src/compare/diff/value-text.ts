import { parsed } from "@clew/protocol/genai/plain-value";

/** Longer texts are cut: nobody reads them, and comparing them takes its time. */
const MOST_CHARS = 250_000;
const MOST_DEPTH = 200;

/**
 * A value as text that can be compared line by line: text as it is, anything else, and text that holds JSON, with a
 * line for each field. The order of fields means nothing, so they are sorted. Empty for undefined.
 */
export function valueText(value: unknown): string {
  if (value === undefined) return "";
  const inner = parsed(value);
  if (typeof inner === "string") return inner;
  const printer = new Printer();
  printer.add(inner, "");
  return printer.text;
}

class Printer {
  text = "";

  add(value: unknown, indent: string): void {
    if (this.text.length > MOST_CHARS) return;
    if (typeof value !== "object" || value === null) {
      this.text += JSON.stringify(value) ?? "null";
    } else if (indent.length / 2 >= MOST_DEPTH) {
      this.text += "…";
    } else if (Array.isArray(value)) {
      this.#all("[", "]", value, indent, (entry, inside) => this.add(entry, inside));
    } else {
      const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
      this.#all("{", "}", fields, indent, ([key, entry], inside) => {
        this.text += `${JSON.stringify(key)}: `;
        this.add(entry, inside);
      });
    }
  }

  #all<Entry>(
    begin: string,
    end: string,
    entries: readonly Entry[],
    indent: string,
    add: (entry: Entry, inside: string) => void,
  ): void {
    const inside = `${indent}  `;
    this.text += begin;
    for (const [at, entry] of entries.entries()) {
      if (this.text.length > MOST_CHARS) break;
      this.text += `${at > 0 ? "," : ""}\n${inside}`;
      add(entry, inside);
    }
    this.text += entries.length > 0 ? `\n${indent}${end}` : end;
  }
}
