import { ApiError } from "@clew/protocol/api/api-error";
import type { LogList } from "@clew/protocol/api/logs";
import type { Duration, LogListRequest, Moment } from "@clew/protocol/api/requests";
import { parseLogFilter } from "@clew/protocol/log-query/parse-log-filter";
import { TraceQlError } from "@clew/protocol/traceql/traceql-error";
import { Command } from "commander";
import { UsageError } from "../failure.ts";
import { faultLines } from "../query/query-fault.ts";
import {
  clientOf,
  collect,
  parseDuration,
  parseLimit,
  parseMoment,
  type ServerOptions,
  withServerOptions,
} from "../server-options.ts";
import { notesScreen, outputScreen, print, printJson, type Shell } from "../shell.ts";
import { logTable } from "./log-table.ts";

interface LogsOptions extends ServerOptions {
  readonly trace?: string;
  readonly span?: string;
  readonly around?: string;
  readonly before?: Duration;
  readonly after?: Duration;
  readonly text?: string;
  readonly service?: string[];
  readonly session?: string[];
  readonly task?: string[];
  readonly testCase?: string[];
  readonly since?: Moment;
  readonly until?: Moment;
  readonly limit?: number;
  readonly cursor?: string;
}

export function logsCommand(shell: Shell): Command {
  const command = new Command("logs")
    .description("List the newest log records, the newest at the bottom.")
    .argument("[filter]", "a filter in quotes, as '{ severity >= warn }'")
    .option("--trace <id>", "of this trace; a prefix of its id is enough, and `last` is the newest")
    .option("--span <id>", "of this span")
    .option("--around <span>", "around a span of --trace: of it, of the trace and of the same instance")
    .option("--before <time>", "with --around: this long before the span begins (default: 5s)", parseDuration)
    .option("--after <time>", "with --around: this long after it has ended (default: 5s)", parseDuration)
    .option("--text <words>", "with these words in the body, the event's name or an attribute")
    .option("--service <name>", "of this service; may be repeated, as may the ids", collect)
    .option("--session <id>", "of this session", collect)
    .option("--task <id>", "of this task", collect)
    .option("--test-case <id>", "of this test case", collect)
    .option(
      "--since <time>",
      "made at most this long ago, as 30m, 1h or 2d, or at a date or later",
      parseMoment,
    )
    .option("--until <time>", "made longer ago than this, or before a date", parseMoment)
    .option("-n, --limit <number>", "at most this many (default: 100)", parseLimit(1000))
    .option("--cursor <text>", "go on where an answer ended");
  return withServerOptions(command, "print the API's answer, newest first, times in epoch milliseconds")
    .addHelpText(
      "after",
      `
Examples:
  clew logs --since 1h
  clew logs '{ severity >= warn && resource.service.name = "planner" }'
  clew logs '{ log:body =~ ".*time.*out.*" && .retry.count > 3 }' --json
  clew logs --text "connection refused" --trace last
  clew logs --trace 0af7 --around b7ad6b7169203331 --before 30s`,
    )
    .action(async (filter: string | undefined, options: LogsOptions) => {
      const list = await ask(shell, filter, options);
      if (options.json) return await printJson(shell, list);
      await print(shell, logTable(list.items.toReversed(), outputScreen(shell), Date.now()));
      tellRest(shell, list, filter !== undefined || isNarrowed(options));
    });
}

async function ask(shell: Shell, filter: string | undefined, options: LogsOptions): Promise<LogList> {
  try {
    if (filter !== undefined) parseLogFilter(filter);
    return await clientOf(shell, options).logs(requestOf(filter, options), { signal: shell.signal });
  } catch (error) {
    if (filter === undefined) throw error;
    if (error instanceof TraceQlError) throw fault(shell, filter, error, error);
    if (error instanceof ApiError && error.code === "invalid_query" && error.position !== undefined) {
      throw fault(shell, filter, error, error.position);
    }
    throw error;
  }
}

function requestOf(filter: string | undefined, options: LogsOptions): LogListRequest {
  const { trace, span, around, before, after, text, service, session, task, testCase } = options;
  const { since, until, limit, cursor } = options;
  const given = {
    q: filter,
    text,
    from: since,
    to: until,
    trace,
    span,
    service,
    session,
    task,
    testCase,
    around,
    before,
    after,
    limit,
    cursor,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function isNarrowed(options: LogsOptions): boolean {
  const { json: _, url: __, config: ___, limit: ____, ...narrowing } = options;
  return Object.keys(narrowing).length > 0;
}

function fault(
  shell: Shell,
  filter: string,
  { message }: Error,
  position: { readonly offset: number; readonly length: number },
): UsageError {
  return new UsageError([message, ...faultLines(filter, position, notesScreen(shell))].join("\n"));
}

function tellRest(shell: Shell, { items, partial, next }: LogList, isNarrow: boolean): void {
  if (partial !== undefined) {
    const why = partial.reason === "time" ? "takes longer than a search may" : "reads more than a search may";
    shell.notes.write(`This is a part: looking at everything ${why}. Narrow it with --since`);
    shell.notes.write(next === undefined ? ".\n" : `, or go on with --cursor ${next}\n`);
  } else if (items.length === 0) {
    shell.notes.write(isNarrow ? "No log record matches.\n" : "No log record is stored yet.\n");
  } else if (next !== undefined && outputScreen(shell).isTerminal) {
    shell.notes.write(`The newest ${items.length}; --limit N shows more, --cursor ${next} older ones.\n`);
  }
}
