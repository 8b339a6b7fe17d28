import { ApiError } from "@clew/protocol/api/api-error";
import type { Moment, SearchRequest } from "@clew/protocol/api/requests";
import type { SearchAnswer } from "@clew/protocol/api/search";
import { parse } from "@clew/protocol/traceql/parse";
import { TraceQlError } from "@clew/protocol/traceql/traceql-error";
import { Command, Option } from "commander";
import { EXIT, Failed, UsageError } from "../failure.ts";
import {
  clientOf,
  parseLimit,
  parseMoment,
  type ServerOptions,
  withServerOptions,
} from "../server-options.ts";
import { notesScreen, outputScreen, print, printJson, type Shell } from "../shell.ts";
import { faultLines } from "./query-fault.ts";
import { searchTable } from "./search-table.ts";

interface QueryOptions extends ServerOptions {
  readonly since?: Moment;
  readonly until?: Moment;
  readonly limit?: number;
  readonly spans?: number;
  readonly cursor?: string;
  readonly check?: boolean;
}

const MOST_SPANS = 100;

export function queryCommand(shell: Shell): Command {
  const command = new Command("query")
    .description("Search traces with TraceQL.")
    .argument("<traceql>", "the query, in quotes")
    .option(
      "--since <time>",
      "traces that began at most this long ago, as 30m, 1h or 2d, or at a date or later",
      parseMoment,
    )
    .option("--until <time>", "that began longer ago than this, or before a date", parseMoment)
    .option("-n, --limit <number>", "at most this many (default: 50)", parseLimit(1000))
    .option("--spans <number>", "matching spans shown of each (default: 3)", parseLimit(MOST_SPANS))
    .option("--cursor <text>", "go on where an answer ended")
    .addOption(new Option("--check", "only say whether the query is one, and where it is not"));
  return withServerOptions(command, "print the API's answer, times in epoch milliseconds")
    .addHelpText(
      "after",
      `
Examples:
  clew query '{ status = error }' --since 1h
  clew query '{ agent:name = "planner" } >> { agent:tool = "search" } | select(duration)'
  clew query '{ agent:type = "llm" } | by(agent:model) | sum(agent:cost) > 1' --json
  clew query --check '{ agent:tokns > 1000 }'`,
    )
    .action(async (query: string, options: QueryOptions) => {
      if (options.check) return await check(shell, query, options);
      const answer = await ask(shell, query, options);
      if (options.json) return await printJson(shell, answer);
      await print(shell, searchTable(answer.items, outputScreen(shell), Date.now()));
      tellRest(shell, answer);
    });
}

async function check(shell: Shell, query: string, { json }: QueryOptions): Promise<void> {
  try {
    const { kind } = parse(query);
    if (json) await printJson(shell, { valid: true, kind });
  } catch (error) {
    if (!(error instanceof TraceQlError)) throw error;
    if (!json) throw fault(shell, query, error, error);
    const { message, offset, length, suggestion } = error;
    await printJson(shell, {
      valid: false,
      message,
      position: { offset, length },
      ...(suggestion && { suggestion }),
    });
    throw new Failed(EXIT.usage, { cause: error });
  }
}

async function ask(shell: Shell, query: string, options: QueryOptions): Promise<SearchAnswer> {
  const { since, until, limit, spans, cursor } = options;
  const request: SearchRequest = {
    q: query,
    ...(since !== undefined && { from: since }),
    ...(until !== undefined && { to: until }),
    ...(limit !== undefined && { limit }),
    ...(spans !== undefined && { spss: spans }),
    ...(cursor !== undefined && { cursor }),
  };
  try {
    parse(query);
    return await clientOf(shell, options).search(request, { signal: shell.signal });
  } catch (error) {
    if (error instanceof TraceQlError) throw fault(shell, query, error, error);
    if (error instanceof ApiError && error.code === "invalid_query" && error.position !== undefined) {
      throw fault(shell, query, error, error.position);
    }
    throw error;
  }
}

function fault(
  shell: Shell,
  query: string,
  { message }: Error,
  position: { readonly offset: number; readonly length: number },
): UsageError {
  return new UsageError([message, ...faultLines(query, position, notesScreen(shell))].join("\n"));
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
