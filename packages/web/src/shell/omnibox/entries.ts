import type { ResolvedId } from "@clew/protocol/api/resolve";
import type { IconName } from "../../elements/icon.tsx";
import { go } from "../../location/place.ts";
import { isTraceQl } from "../../search/is-traceql.ts";
import { readSearch, withConditions, withTraceQl } from "../../traces/trace-filter.ts";
import { ALL_PAGES } from "../pages.ts";
import { type Command, fits } from "./commands.ts";
import { addressOf, KIND_ICONS, KIND_LABELS } from "./known-id.ts";
import { rememberId } from "./recent-ids.ts";

/** One line of the omnibox. */
export interface Entry {
  readonly key: string;
  readonly label: string;
  /** What an id is of, or the keys of a command. */
  readonly hint: string;
  readonly icon: IconName;
  /** Whether the label is an id or a query. */
  readonly isCode?: boolean;
  readonly run: () => void;
}

export interface Section {
  readonly name: string;
  readonly entries: readonly Entry[];
}

export interface Known {
  readonly commands: readonly Command[];
  readonly recent: readonly ResolvedId[];
  /** What the server found under the text. */
  readonly resolved: readonly ResolvedId[];
}

const MOST_COMMANDS = 6;

/** What may be meant by a text, the likeliest first; sections without an entry are left out. */
export function sectionsFor(typed: string, known: Known): Section[] {
  const text = typed.trim();
  const { commands } = known;
  const asEntries = (some: readonly Command[]): Entry[] => some.map(commandEntry);
  if (text.startsWith(">")) {
    const words = text.slice(1).trim();
    return filled([["Commands", asEntries(commands.filter((command) => fits(command, words)))]]);
  }
  if (text === "") {
    return filled([
      ["Recent", known.recent.map((one) => idEntry("recent", one))],
      ["Commands", asEntries(commands)],
    ]);
  }
  const link = ownAddress(text);
  if (link !== undefined) {
    return filled([
      ["Open", [{ key: "link", label: link, hint: "Page", icon: "link", isCode: true, run: () => go(link) }]],
    ]);
  }
  return filled([
    ["Jump to", known.resolved.map((one) => idEntry("resolved", one))],
    ["Search", searches(text)],
    ["Commands", asEntries(commands.filter((command) => fits(command, text)).slice(0, MOST_COMMANDS))],
  ]);
}

function filled(sections: readonly (readonly [string, readonly Entry[]])[]): Section[] {
  return sections.flatMap(([name, entries]) => (entries.length === 0 ? [] : [{ name, entries }]));
}

function commandEntry({ id, label, keys = "", icon, run }: Command): Entry {
  return { key: `command ${id}`, label, hint: keys, icon, run };
}

function idEntry(from: string, one: ResolvedId): Entry {
  return {
    ...{ key: `${from} ${one.kind} ${one.id} ${one.traceId ?? ""}`, label: one.id, isCode: true },
    ...{ hint: KIND_LABELS[one.kind], icon: KIND_ICONS[one.kind] },
    run: () => {
      rememberId(one);
      go(addressOf(one));
    },
  };
}

function searches(text: string): Entry[] {
  const none = new URLSearchParams();
  if (isTraceQl(text)) {
    const run = (): void => go(withTraceQl(none, text));
    return [{ key: "traceql", label: text, hint: "TraceQL", icon: "search", isCode: true, run }];
  }
  const { traceId, conditions } = readSearch(text);
  // What looks like the id of a trace is no word of a prompt.
  if (traceId !== undefined) return [];
  const run = (): void => go(withConditions(none, conditions));
  return [{ key: "traces", label: text, hint: "Search traces", icon: "search", run }];
}

/** The place that a pasted link leads to, where it is one of a page of Clew, of whatever server. */
function ownAddress(text: string): string | undefined {
  if (!/^https?:\/\/\S+$/i.test(text) || !URL.canParse(text)) return undefined;
  const { pathname, search } = new URL(text);
  return ALL_PAGES.some(({ is }) => is.test(pathname)) ? pathname + search : undefined;
}
