import type { Moment } from "@clew/protocol/api/requests";
import type { SearchAnswer } from "@clew/protocol/api/search";
import { clientOf, type ServerOptions } from "../server-options.ts";
import { outputScreen, print, printJson, type Shell } from "../shell.ts";
import { searchTable } from "./search-table.ts";

export interface SearchOptions {
  readonly since?: Moment | undefined;
  readonly until?: Moment | undefined;
  readonly limit?: number;
  readonly spans?: number;
  readonly cursor?: string;
}

/** Asks for traces and prints them. */
export async function runSearch(
  shell: Shell,
  query: string,
  options: SearchOptions & ServerOptions,
): Promise<void> {
  const { since, until, limit, spans, cursor } = options;
  const request = {
    q: query,
    ...(since !== undefined && { from: since }),
    ...(until !== undefined && { to: until }),
    ...(limit !== undefined && { limit }),
    ...(spans !== undefined && { spss: spans }),
    ...(cursor !== undefined && { cursor }),
  };
  const answer = await clientOf(shell, options).search(request, { signal: shell.signal });
  if (options.json) return await printJson(shell, answer);
  await print(shell, searchTable(answer.items, outputScreen(shell), Date.now()));
  tellRest(shell, answer);
}

function tellRest(shell: Shell, { items, partial, next }: SearchAnswer): void {
  if (partial !== undefined) {
    const why = partial.reason === "time" ? "takes longer than a search may" : "reads more than a search may";
    shell.notes.write(`This is a part: looking at everything ${why}. Narrow it with --since`);
    shell.notes.write(next === undefined ? ".\n" : `, or go on with --cursor ${next}\n`);
  } else if (items.length === 0) shell.notes.write("No trace matches.\n");
  else if (next !== undefined && outputScreen(shell).isTerminal) {
    shell.notes.write(`The newest ${items.length}; --limit N shows more.\n`);
  }
}
