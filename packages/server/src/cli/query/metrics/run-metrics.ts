import type { MetricsAnswer } from "@clew/protocol/api/metrics";
import type { Moment } from "@clew/protocol/api/requests";
import type { MetricsQuery } from "@clew/protocol/traceql/ast";
import { exact } from "../../screen/quantities.ts";
import { clientOf, type ServerOptions } from "../../server-options.ts";
import { outputScreen, print, printJson, type Shell } from "../../shell.ts";
import { metricsPicture } from "./metrics-picture.ts";

export interface MetricsOptions {
  readonly since?: Moment | undefined;
  readonly until?: Moment | undefined;
  readonly step?: string;
  readonly exemplars?: number;
}

/** Asks for series and prints them, as a picture on a terminal. */
export async function runMetrics(
  shell: Shell,
  query: string,
  parsed: MetricsQuery,
  options: MetricsOptions & ServerOptions,
): Promise<void> {
  const { since, until, exemplars } = options;
  const step = options.step ?? (options.json ? undefined : stepOf(parsed));
  const request = {
    q: query,
    ...(since !== undefined && { from: since }),
    ...(until !== undefined && { to: until }),
    ...(step !== undefined && { step }),
    ...(exemplars !== undefined && { exemplars }),
  };
  const answer = await clientOf(shell, options).metrics(request, { signal: shell.signal });
  if (options.json) return await printJson(shell, answer);
  await print(shell, metricsPicture(parsed, answer, outputScreen(shell), Date.now()));
  tellRest(shell, answer);
}

/** A comparison is shown as one table for the whole time. */
function stepOf({ expression }: MetricsQuery): "none" | undefined {
  const isComparison = expression.kind === "metricsPipeline" && expression.aggregate.kind === "compare";
  return isComparison ? "none" : undefined;
}

function tellRest(shell: Shell, { series, partial, truncated }: MetricsAnswer): void {
  if (partial !== undefined) {
    const why = partial.reason === "time" ? "takes longer than a query may" : "reads more than a query may";
    shell.notes.write(
      `This is a part: looking at all spans ${why}. Narrow it with --since or with conditions.\n`,
    );
  } else if (series.length === 0) shell.notes.write("No span matches.\n");
  if (truncated !== undefined) {
    const { shown, total } = truncated;
    shell.notes.write(`These are ${exact(shown)} of ${exact(total)} series; topk(N) gives the greatest.\n`);
  }
}
