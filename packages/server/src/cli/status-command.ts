import { Command } from "commander";
import { clientOf, type ServerOptions, withServerOptions } from "./server-options.ts";
import { outputScreen, print, printJson, type Shell } from "./shell.ts";
import { statusLines } from "./status-lines.ts";

export function statusCommand(shell: Shell): Command {
  const command = new Command("status").description("Tell what is received, stored and refused, and why.");
  return withServerOptions(command, "print the API's answer")
    .addHelpText(
      "after",
      `
Examples:
  clew status
  clew status --json | jq '.ingest.refusals'
  clew status --url https://clew.internal:4319`,
    )
    .action(async (options: ServerOptions) => {
      const client = clientOf(shell, options);
      const [status, setup] = await Promise.all([
        client.status({ signal: shell.signal }),
        client.setup({ signal: shell.signal }),
      ]);
      if (options.json) return await printJson(shell, status);
      await print(shell, statusLines(status, setup, outputScreen(shell), Date.now()));
    });
}
