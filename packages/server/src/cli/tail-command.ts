import { setTimeout as sleep } from "node:timers/promises";
import { ServerUnreachable } from "@clew/protocol/api/api-error";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import { Command } from "commander";
import { clientOf, type ServerOptions, withServerOptions } from "./server-options.ts";
import { notesScreen, outputScreen, print, printJson, type Shell } from "./shell.ts";
import { Tailed, tailLine } from "./traces/tail-line.ts";
import { filterOf, withFilterOptions } from "./traces/traces-command.ts";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;

export function tailCommand(shell: Shell): Command {
  const command = withFilterOptions(
    new Command("tail").description("Follow traces as they arrive, until interrupted."),
  );
  return withServerOptions(command, "print every change of a trace as one JSON object a line")
    .addHelpText(
      "after",
      `
A trace is printed when its first spans arrive, and again when it fails, when its root arrives, and when the first of
its spans ends where all were running before.

Examples:
  clew tail
  clew tail --agent planner --status error
  clew tail --json | jq -r '.traceId'`,
    )
    .action(async (options: ServerOptions & Parameters<typeof filterOf>[0]) => {
      const client = clientOf(shell, options);
      const known = new Tailed();
      const { signal } = shell;
      let wait = FIRST_WAIT_MS;
      let connected = false;
      while (!signal.aborted) {
        try {
          // The first time an absent server is an error; later it is expected back.
          if (!connected) await client.setup({ signal });
          for await (const update of client.traceUpdates(filterOf(options), { signal })) {
            wait = FIRST_WAIT_MS;
            connected = true;
            await show(shell, update.items, known, options.json === true);
            if (update.skipped > 0) shell.notes.write(`${update.skipped} more traces changed\n`);
          }
          connected = true;
        } catch (error) {
          if (signal.aborted) return;
          if (!connected || !isConnectionLoss(error)) throw error;
        }
        if (signal.aborted) return;
        if (notesScreen(shell).isTerminal && wait === FIRST_WAIT_MS)
          shell.notes.write("Connection lost, trying again\n");
        await sleep(wait, undefined, { signal }).catch(() => undefined);
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      }
    });
}

function isConnectionLoss(error: unknown): boolean {
  return error instanceof ServerUnreachable || error instanceof TypeError;
}

async function show(shell: Shell, items: readonly TraceItem[], known: Tailed, json: boolean): Promise<void> {
  if (json) {
    for (const item of items) await printJson(shell, item, true);
    return;
  }
  const screen = outputScreen(shell);
  const news = items.filter((item) => known.isNews(item));
  await print(
    shell,
    news.flatMap((item) => tailLine(item, screen, Date.now())),
  );
}
