import type { TraceItem } from "@clew/protocol/api/trace-item";
import type { QueryChoice } from "../search/query-box.tsx";
import { FILTER_FIELDS, type FilterName } from "./trace-filter.ts";

const MOST = 9;
const STATUSES = ["error", "ok"];
const DURATIONS = ["100ms", "1s", "10s", "1m"];

/** Values of a field that are in the list, in its order. */
const VALUES: Readonly<Partial<Record<FilterName, (item: TraceItem) => readonly (string | undefined)[]>>> = {
  agent: ({ agents }) => agents,
  service: ({ services }) => services,
  model: ({ models }) => models,
  session: ({ session }) => [session?.id],
  conversation: ({ conversation }) => [conversation?.id],
  task: ({ task }) => [task?.id],
  testCase: ({ test }) => [test?.case?.id],
  testRun: ({ test }) => [test?.run?.id],
  user: ({ user }) => [user?.id],
  status: () => STATUSES,
  minDuration: () => DURATIONS,
  maxDuration: () => DURATIONS,
};

/** What may follow the text so far, whose last word is being typed. */
export function suggestionsFor(typed: string, items: readonly TraceItem[]): QueryChoice[] {
  const begin = typed.lastIndexOf(" ") + 1;
  const before = typed.slice(0, begin);
  const word = typed.slice(begin);
  const colon = word.indexOf(":");
  if (colon < 0) return fields(before, word);
  const field = FILTER_FIELDS.find(({ name }) => name.toLowerCase() === word.slice(0, colon).toLowerCase());
  if (field === undefined) return [];
  const start = word
    .slice(colon + 1)
    .replace(/^"/, "")
    .toLowerCase();
  const values = new Set(items.flatMap((item) => VALUES[field.name]?.(item) ?? []));
  return [...values]
    .filter((value) => value !== undefined)
    .filter((value) => value !== "" && value.toLowerCase().includes(start))
    .slice(0, MOST)
    .map((value) => ({
      label: `${field.name}:${value}`,
      hint: "",
      text: before,
      condition: [field.name, value],
    }));
}

const TRACEQL: QueryChoice = {
  label: "{ … }",
  hint: "TraceQL, such as { status = error } | count() > 2",
  text: "{ ",
};

function fields(before: string, word: string): QueryChoice[] {
  const start = word.toLowerCase();
  const found = FILTER_FIELDS.filter(
    ({ name, label }) => name.toLowerCase().startsWith(start) || label.toLowerCase().startsWith(start),
  )
    .slice(0, MOST)
    .map(({ name, hint }) => ({ label: `${name}:`, hint, text: `${before}${name}:` }));
  return before === "" && word === "" ? [...found, TRACEQL] : found;
}
