import { analyseTrace } from "@clew/protocol/analysis/analyse-trace";
import { compareTraces } from "@clew/protocol/analysis/comparison/compare-traces";
import { Command } from "commander";
import { clientOf, parseLimit, type ServerOptions, withServerOptions } from "../server-options.ts";
import { outputScreen, print, printJson, type Shell } from "../shell.ts";
import { compareJson } from "./compare-json.ts";
import { type ComparedTrace, compareLines } from "./compare-lines.ts";

interface CompareOptions extends ServerOptions {
  readonly all?: boolean;
  readonly limit: number;
}

export function compareCommand(shell: Shell): Command {
  const command = new Command("compare")
    .description("Lay one trace over another and show where they part.")
    .argument("<a>", "a trace id, the beginning of one (4 characters or more), or last")
    .argument("<b>", "the trace to compare it with, in the same way")
    .option("--all", "a row for every span, also for those that are alike")
    .option("-n, --limit <number>", "rows at most", parseLimit(1_000_000), 200);
  return withServerOptions(command, "print the comparison as JSON")
    .addHelpText(
      "after",
      `
Spans are the same when they have the same name (but for numbers), agent, tool and kind, in the same order, below the
same caller. + is only in B, - only in A, ~ has changed; differences are B's, with everything below.

Examples:
  clew compare 0af76519 last
  clew compare 0af76519 1bf76519 --all | less -R
  clew compare 0af76519 last --json | jq '.lines[.firstDivergence // empty]'`,
    )
    .action(async (first: string, second: string, options: CompareOptions) => {
      const client = clientOf(shell, options);
      const read = async (id: string): Promise<ComparedTrace> => {
        const trace = await client.trace(id, { signal: shell.signal });
        return { trace, analysis: analyseTrace(trace) };
      };
      const [a, b] = await Promise.all([read(first), read(second)]);
      const comparison = compareTraces(a, b);
      if (options.json) return await printJson(shell, compareJson(a, b, comparison));
      const { all = false, limit } = options;
      const screen = outputScreen(shell);
      await print(shell, compareLines(a, b, comparison, { screen, nowMs: Date.now(), all, limit }));
    });
}
