import { ApiError } from "@clew/protocol/api/api-error";
import type { Moment } from "@clew/protocol/api/requests";
import type { Query } from "@clew/protocol/traceql/ast";
import { parse } from "@clew/protocol/traceql/parse";
import { TraceQlError } from "@clew/protocol/traceql/traceql-error";
import { Command, InvalidArgumentError, Option } from "commander";
import { EXIT, Failed, UsageError } from "../failure.ts";
import {
  parseDuration,
  parseLimit,
  parseMoment,
  type ServerOptions,
  withServerOptions,
} from "../server-options.ts";
import { notesScreen, printJson, type Shell } from "../shell.ts";
import { type MetricsOptions, runMetrics } from "./metrics/run-metrics.ts";
import { faultLines } from "./query-fault.ts";
import { runSearch, type SearchOptions } from "./run-search.ts";

interface QueryOptions extends ServerOptions, SearchOptions, MetricsOptions {
  readonly since?: Moment;
  readonly until?: Moment;
  readonly check?: boolean;
}

const MOST_SPANS = 100;
const MOST_EXEMPLARS = 100;
/** Options that only one kind of query takes. */
const OWN_OPTIONS = {
  search: ["limit", "spans", "cursor"],
  metrics: ["step", "exemplars"],
} as const satisfies Record<Query["kind"], readonly (keyof QueryOptions)[]>;

export function queryCommand(shell: Shell): Command {
  const command = new Command("query")
    .description("Search traces, or make series of their spans, with TraceQL.")
    .argument("<traceql>", "the query, in quotes")
    .addOption(
      new Option(
        "--since <time>",
        "traces that began, or spans of a series, at most this long ago, as 30m, 1h or 2d, or at a date or " +
          "later (default for series: 1h)",
      ).argParser(parseMoment),
    )
    .option("--until <time>", "longer ago than this, or before a date", parseMoment)
    .addOption(new Option("--from <time>", "the same as --since").argParser(parseMoment).conflicts("since"))
    .addOption(new Option("--to <time>", "the same as --until").argParser(parseMoment).conflicts("until"))
    .option("-n, --limit <number>", "at most this many traces (default: 50)", parseLimit(1000))
    .option("--spans <number>", "matching spans shown of each (default: 3)", parseLimit(MOST_SPANS))
    .option("--cursor <text>", "go on where an answer ended")
    .option(
      "--step <time>",
      "time between two points of a series, as 30s or 5m, or none for one point (default: some 60 points)",
      parseStep,
    )
    .option(
      "--exemplars <number>",
      "spans told of each series as examples (default: 0)",
      parseLimit(MOST_EXEMPLARS),
    )
    .addOption(new Option("--check", "only say whether the query is one, and where it is not"));
  return withServerOptions(command, "print the API's answer, times in epoch milliseconds")
    .addHelpText(
      "after",
      `
Examples:
  clew query '{ status = error }' --since 1h
  clew query '{ agent:name = "planner" } >> { agent:tool = "search" } | select(duration)'
  clew query '{ agent:type = "llm" } | by(agent:model) | sum(agent:cost) > 1' --json
  clew query '{ } | rate() by (agent:name)' --since 6h --step 5m
  clew query '{ agent:type = "llm" } | sum_over_time(agent:cost) by (agent:model)' --since 1d --step none
  clew query --check '{ agent:tokns > 1000 }'`,
    )
    .action(async (query: string, given: QueryOptions & { readonly from?: Moment; readonly to?: Moment }) => {
      const options = { ...given, since: given.since ?? given.from, until: given.until ?? given.to };
      if (options.check) return await check(shell, query, options);
      try {
        const parsed = parse(query);
        refuseOthers(parsed.kind, options);
        if (parsed.kind === "search") await runSearch(shell, query, options);
        else await runMetrics(shell, query, parsed, options);
      } catch (error) {
        throw toldFault(shell, query, error);
      }
    });
}

function parseStep(text: string): string {
  if (text === "none") return text;
  if (/^0+(\.0+)?[a-z]+$/.test(text)) throw new InvalidArgumentError("It must be longer than nothing.");
  return parseDuration(text);
}

function refuseOthers(kind: Query["kind"], options: object): void {
  const other = kind === "search" ? "metrics" : "search";
  const wrong = OWN_OPTIONS[other].find((name) => (options as Record<string, unknown>)[name] !== undefined);
  if (wrong === undefined) return;
  throw new UsageError(
    kind === "search"
      ? `--${wrong} is for series; this query asks for traces, as it has no rate() or other metrics function`
      : `--${wrong} is for traces; this query asks for series`,
  );
}

async function check(shell: Shell, query: string, { json }: { readonly json?: boolean }): Promise<void> {
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

/** The error as the user is told of it where what was asked for is at fault, else as it is. */
function toldFault(shell: Shell, query: string, error: unknown): unknown {
  if (error instanceof TraceQlError) return fault(shell, query, error, error);
  if (!(error instanceof ApiError)) return error;
  const { code, position } = error;
  if (code === "invalid_query" && position !== undefined) return fault(shell, query, error, position);
  return code === "invalid_parameter" ? new UsageError(error.message, { cause: error }) : error;
}

function fault(
  shell: Shell,
  query: string,
  { message }: Error,
  position: { readonly offset: number; readonly length: number },
): UsageError {
  // What is wrong is no place in the query but, say, its time.
  if (query !== "" && position.offset === 0 && position.length === 0) return new UsageError(message);
  return new UsageError([message, ...faultLines(query, position, notesScreen(shell))].join("\n"));
}
