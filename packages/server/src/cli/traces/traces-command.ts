import type { Duration, Moment, TraceFilter, TraceListRequest } from "@clew/protocol/api/requests";
import { Command, Option } from "commander";
import {
  clientOf,
  collect,
  parseAttribute,
  parseDuration,
  parseLimit,
  parseMoment,
  type ServerOptions,
  withServerOptions,
} from "../server-options.ts";
import { outputScreen, print, printJson, type Shell } from "../shell.ts";
import { traceTable } from "./trace-table.ts";

interface FilterOptions {
  readonly service?: string[];
  readonly agent?: string[];
  readonly model?: string[];
  readonly tool?: string[];
  readonly session?: string[];
  readonly conversation?: string[];
  readonly task?: string[];
  readonly testCase?: string[];
  readonly testRun?: string[];
  readonly user?: string[];
  readonly status?: "ok" | "error";
  readonly minDuration?: Duration;
  readonly maxDuration?: Duration;
  readonly attr?: Record<string, string[]>;
  readonly text?: string;
  readonly name?: string;
}

type TracesOptions = ServerOptions &
  FilterOptions & { readonly since?: Moment; readonly until?: Moment; readonly limit?: number };

/** Adds the options that say which traces are meant. */
export function withFilterOptions(command: Command): Command {
  return command
    .option(
      "--service <name>",
      "traces with a span of this service; may be repeated, as may the others",
      collect,
    )
    .option("--agent <name>", "with a span of this agent", collect)
    .option("--model <name>", "with a call of this model", collect)
    .option("--tool <name>", "with a call of this tool", collect)
    .option("--session <id>", "of this session", collect)
    .option("--conversation <id>", "of this conversation", collect)
    .option("--task <id>", "of this task", collect)
    .option("--test-case <id>", "of this test case", collect)
    .option("--test-run <id>", "of this test run", collect)
    .option("--user <id>", "of this user", collect)
    .addOption(
      new Option("--status <status>", "error: some span failed; ok: none did").choices(["ok", "error"]),
    )
    .option("--min-duration <time>", "that took at least this long, as 250ms or 2s", parseDuration)
    .option("--max-duration <time>", "that took at most this long", parseDuration)
    .option("--attr <key=value>", "with a span or resource that has this attribute", parseAttribute)
    .option("--name <text>", "with a span whose name contains this")
    .option("--text <words>", "with these words in a prompt, an answer or a tool's input or output");
}

/** The filter that the options say. */
export function filterOf(options: FilterOptions): TraceFilter {
  const { attr, service, agent, model, tool, session, conversation, task, testCase, testRun, user } = options;
  const { status, minDuration, maxDuration, name, text } = options;
  const given = {
    service,
    agent,
    model,
    tool,
    session,
    conversation,
    task,
    testCase,
    testRun,
    user,
    status,
    minDuration,
    maxDuration,
    name,
    text,
  };
  const said = Object.entries({ ...given, attributes: attr }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said);
}

export function tracesCommand(shell: Shell): Command {
  const command = new Command("traces").description("List the newest traces.");
  withFilterOptions(command)
    .option(
      "--since <time>",
      "that began at most this long ago, as 30m, 1h or 2d, or at a date or later",
      parseMoment,
    )
    .option("--until <time>", "that began longer ago than this, or before a date", parseMoment)
    .option("-n, --limit <number>", "at most this many (default: 50)", parseLimit(1000));
  return withServerOptions(command, "print the API's answer, times in epoch milliseconds")
    .addHelpText(
      "after",
      `
Examples:
  clew traces --since 1h --status error
  clew traces --session s-77 --min-duration 5s
  clew traces --attr http.route=/refund --json | jq -r '.items[].traceId'`,
    )
    .action(async (options: TracesOptions) => {
      const request: TraceListRequest = {
        ...filterOf(options),
        ...(options.since !== undefined && { from: options.since }),
        ...(options.until !== undefined && { to: options.until }),
        ...(options.limit !== undefined && { limit: options.limit }),
      };
      const list = await clientOf(shell, options).traces(request, { signal: shell.signal });
      if (options.json) return await printJson(shell, list);
      await print(shell, traceTable(list.items, outputScreen(shell), Date.now()));
      if (list.items.length === 0) {
        const narrowed = Object.keys(request).length > 0;
        shell.notes.write(
          narrowed
            ? "No trace matches.\n"
            : "No trace is stored yet; `clew status` says where to send them and what was refused.\n",
        );
      } else if (list.nextCursor !== undefined && outputScreen(shell).isTerminal) {
        shell.notes.write(`The newest ${list.items.length}; --limit N shows more.\n`);
      }
    });
}
