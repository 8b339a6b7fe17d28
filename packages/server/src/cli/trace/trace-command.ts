import type { ApiClient } from "@clew/protocol/api/client";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { Command } from "commander";
import { UsageError } from "../failure.ts";
import { clientOf, parseLimit, type ServerOptions, withServerOptions } from "../server-options.ts";
import { outputScreen, print, printJson, printJsonStream, type Shell } from "../shell.ts";
import { renderTrace } from "./render-trace.ts";
import { traceJson } from "./trace-json.ts";
import { errorSpans, layOutTrace, type TraceLayout } from "./trace-layout.ts";

interface TraceOptions extends ServerOptions {
  readonly otlp?: boolean;
  readonly all?: boolean;
  readonly limit: number;
}

const MOST_ERROR_TEXTS = 20;

export function traceCommand(shell: Shell): Command {
  const command = new Command("trace")
    .description("Show one trace as a tree with a time bar per span.")
    .argument("<id>", "a trace id, the beginning of one (4 characters or more), or last")
    .option("--all", "a row for every span: fold nothing, leave nothing out")
    .option("-n, --limit <number>", "rows at most", parseLimit(1_000_000), 500)
    .option("--otlp", "print the trace as it was sent, as OTLP/JSON");
  return withServerOptions(command, "print the trace and its spans as JSON")
    .addHelpText(
      "after",
      `
Examples:
  clew trace last
  clew trace 0af76519 --all | less -R
  clew trace last --json | jq '.spans[] | select(.status == "error") | .name'
  clew trace last --otlp > trace.json`,
    )
    .action(async (id: string, options: TraceOptions) => {
      if (options.json && options.otlp) throw new UsageError("--json and --otlp are two formats; choose one");
      const client = clientOf(shell, options);
      if (options.otlp) {
        const stream = await client.export("traces", { traces: [id] }, { signal: shell.signal });
        return await printJsonStream(shell, stream);
      }
      const trace = await client.trace(id, { signal: shell.signal });
      if (options.json) return await printJson(shell, traceJson(trace));
      const { all = false, limit } = options;
      const layout = layOutTrace(trace, { all, limit });
      const errors = await errorTexts(trace, layout, client, shell.signal);
      await print(
        shell,
        renderTrace(trace, layout, { screen: outputScreen(shell), errors, nowMs: Date.now() }),
      );
    });
}

/** What the first failed spans say about it: a trace in columns carries only the types of errors. */
async function errorTexts(
  trace: TraceColumns,
  layout: TraceLayout,
  client: ApiClient,
  signal: AbortSignal,
): Promise<Map<number, string>> {
  const failed = errorSpans(trace, layout).slice(0, MOST_ERROR_TEXTS);
  const texts = await Promise.all(
    failed.map(async (at): Promise<[number, string]> => {
      const spans = await client.span(trace.traceId, trace.id[at] ?? "", { signal }).then(
        (answer) => answer.spans,
        () => [],
      );
      const { statusMessage = "", meaning } = spans[0] ?? {};
      const type = meaning?.errorType ?? "";
      return [
        at,
        (statusMessage.includes(type) ? [statusMessage] : [type, statusMessage]).filter(Boolean).join(": "),
      ];
    }),
  );
  return new Map(texts.filter(([, text]) => text !== ""));
}
