import type { MapAnswer, MapLeaves } from "@clew/protocol/api/map";
import type { MapRequest, Moment } from "@clew/protocol/api/requests";
import { Command, InvalidArgumentError } from "commander";
import { printable } from "../../printable.ts";
import { moment } from "../screen/quantities.ts";
import { clientOf, parseMoment, type ServerOptions, withServerOptions } from "../server-options.ts";
import { outputScreen, print, printJson, type Shell } from "../shell.ts";
import { mapTable } from "./map-table.ts";

interface MapOptions extends ServerOptions {
  readonly services?: boolean;
  readonly since?: Moment;
  readonly until?: Moment;
  readonly depth?: number;
  readonly tools?: boolean;
  readonly models?: boolean;
}

const DEEPEST = 20;
const DEFAULT_SINCE = "now-1h";

export function mapCommand(shell: Shell): Command {
  const command = new Command("map")
    .description("Show which agents call which, or which services.")
    .argument("[focus]", "an agent or service: only what is near it")
    .option("--services", "services instead of agents")
    .option(
      "--since <time>",
      "traces that began at most this long ago, as 30m, 1h or 2d, or at a date or later (default: 1h)",
      parseMoment,
    )
    .option("--until <time>", "that began longer ago than this, or before a date", parseMoment)
    .option("--depth <number>", "how many calls away from the focus (default: 2)", parseDepth)
    .option("--tools", "with the tools that are called")
    .option("--models", "with the models that are called");
  return withServerOptions(command, "print the API's answer")
    .addHelpText(
      "after",
      `
Examples:
  clew map --since 24h
  clew map researcher --depth 1 --tools
  clew map --services --since 2d --json | jq '.edges[] | select(.errRate > 0.01)'`,
    )
    .action(async (focus: string | undefined, options: MapOptions) => {
      const answer = await clientOf(shell, options).map(requestOf(focus, options), { signal: shell.signal });
      if (options.json) return await printJson(shell, answer);
      await print(shell, mapTable(answer, outputScreen(shell)));
      for (const note of notesOf(answer, focus)) shell.notes.write(`${note}\n`);
    });
}

function parseDepth(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= DEEPEST) return value;
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${DEEPEST}.`);
}

function requestOf(focus: string | undefined, options: MapOptions): MapRequest {
  const { services, since, until, depth, tools, models } = options;
  const include: MapLeaves[] = [...(tools ? ["tools" as const] : []), ...(models ? ["models" as const] : [])];
  return {
    from: since ?? DEFAULT_SINCE,
    ...(services && { scope: "services" }),
    ...(until !== undefined && { to: until }),
    ...(focus !== undefined && { focus }),
    ...(depth !== undefined && { depth }),
    ...(include.length > 0 && { include }),
  };
}

/** What the table does not say. */
function notesOf(answer: MapAnswer, focus: string | undefined): string[] {
  const { scope, nodes, partial, tooLarge, truncated, traceCount } = answer;
  const notes: string[] = [];
  if (traceCount === 0) notes.push("No trace began in this time; --since looks further back.");
  else if (answer.focus?.keys.length === 0) {
    const nearest = answer.focus.nearest;
    const tip = nearest === undefined ? "" : `; did you mean ${printable(nearest)}?`;
    notes.push(`Nothing in this time is called ${JSON.stringify(printable(focus ?? ""))}${tip || "."}`);
  }
  if (partial !== undefined) {
    const why = partial.reason === "time" ? "takes longer than a query may" : "reads more than a query may";
    const since = moment(partial.fromMs, Date.now());
    notes.push(
      `This is a part, of traces since ${since}: looking at everything ${why}. --until ${isoOf(partial.fromMs)} shows what was before.`,
    );
  }
  if (tooLarge !== undefined) notes.push(`${tooLarge} of more than 100,000 spans left out.`);
  if (truncated !== undefined) {
    const who = scope === "agents" ? "an agent" : "a service";
    notes.push(`The busiest ${nodes.length} of ${truncated.nodes}; clew map NAME shows what is near ${who}.`);
  }
  return notes;
}

function isoOf(ms: number): string {
  return new Date(Math.floor(ms)).toISOString();
}
