import { Command } from "commander";
import { UsageError } from "../failure.ts";
import { clientOf, parseLimit, type ServerOptions, withServerOptions } from "../server-options.ts";
import { outputScreen, print, printJson, type Shell, write } from "../shell.ts";
import { renderTrace } from "./render-trace.ts";
import { traceJson } from "./trace-json.ts";

interface TraceOptions extends ServerOptions {
  readonly otlp?: boolean;
  readonly all?: boolean;
  readonly limit: number;
}

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
        for await (const piece of stream) await write(shell.output, piece);
        if (outputScreen(shell).isTerminal) shell.output.write("\n");
        return;
      }
      const trace = await client.trace(id, { signal: shell.signal });
      if (options.json) return await printJson(shell, traceJson(trace));
      const { all = false, limit } = options;
      await print(shell, renderTrace(trace, { screen: outputScreen(shell), all, limit, nowMs: Date.now() }));
    });
}
