import type { FieldValue } from "@clew/protocol/api/client";
import { complete, keyText, valueText } from "@clew/protocol/traceql/completion/complete";
import type { Completion, WantedKeys, WantedValues } from "@clew/protocol/traceql/completion/completion";
import { printField } from "@clew/protocol/traceql/print";

/** Something that may stand at the cursor. */
export interface Proposal {
  readonly label: string;
  readonly about: string;
  /** The whole text once it is taken, and where the cursor is then. */
  readonly text: string;
  readonly cursor: number;
}

/** What the server has to be asked before all can be proposed. */
export type Question = { readonly asks: "names" } | { readonly asks: "values"; readonly field: string };

/** What the server answered. */
export interface Known {
  readonly names?: ReadonlyMap<string, readonly string[]> | undefined;
  readonly values?: readonly FieldValue[] | undefined;
}

const MOST = 60;
/** Behind these goes more of the same word. */
const OPEN_END = /(?:\.|\(|\w=|\s)$/;

export function questionOf(text: string, cursor: number): Question | undefined {
  const { wanted } = complete(text, cursor);
  if (wanted === undefined) return undefined;
  if (wanted.kind === "keys") return { asks: "names" };
  // A parent is a span like others.
  return { asks: "values", field: printField({ ...wanted.field, ofParent: false }) };
}

/** The best first; what the server knows comes after what the language has, values of a field before. */
export function proposals(text: string, cursor: number, known: Known): readonly Proposal[] {
  const completion = complete(text, cursor);
  const { items, wanted } = completion;
  const own = items
    .map(({ text: label, about }) => ({ label, about }))
    .sort((a, b) => Number(isOfAgents(b.label)) - Number(isOfAgents(a.label)));
  const asked =
    wanted === undefined ? [] : wanted.kind === "keys" ? keys(wanted, known) : values(wanted, known);
  const all = wanted?.kind === "values" ? [...asked, ...own] : [...own, ...asked];
  const different = new Map(all.map((one) => [one.label, one]));
  return [...different.values()].slice(0, MOST).map(({ label, about }) => ({
    label: label.trim(),
    about,
    ...taken(text, completion, label),
  }));
}

/** What people ask about most here. */
function isOfAgents(label: string): boolean {
  return label.startsWith("agent:");
}

function keys(wanted: WantedKeys, { names }: Known) {
  const scopes = wanted.scope === "any" ? ["span", "resource"] : [wanted.scope];
  const prefix = wanted.prefix.toLowerCase();
  return scopes.flatMap((scope) =>
    (names?.get(scope) ?? [])
      .filter((name) => name.toLowerCase().includes(prefix))
      .map((name) => ({
        label: keyText(wanted, name),
        about: `attribute of the ${scope}`,
        begins: name.toLowerCase().startsWith(prefix),
      }))
      .sort((a, b) => Number(b.begins) - Number(a.begins)),
  );
}

function values(wanted: WantedValues, { values: all = [] }: Known) {
  const prefix = wanted.prefix.toLowerCase();
  return all
    .filter(({ value }) => value.toLowerCase().includes(prefix))
    .map(({ type, value }) => ({
      label: type === "string" ? valueText(value) : value,
      about: "",
      begins: value.toLowerCase().startsWith(prefix),
    }))
    .sort((a, b) => Number(b.begins) - Number(a.begins));
}

/** With blanks where the language, or the eye, wants them. */
function taken(text: string, { start, end }: Pick<Completion, "start" | "end">, label: string) {
  const before = text.slice(0, start);
  const after = text.slice(end);
  const gap = /[\w"`})]$/.test(before) && !/^[,(]/.test(label) ? " " : "";
  const behind = OPEN_END.test(label) || /^\s/.test(after) ? "" : " ";
  const written = `${before}${gap}${label}${behind}`;
  return { text: written + after, cursor: written.length };
}
