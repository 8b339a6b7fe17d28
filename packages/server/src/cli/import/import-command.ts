import { Command } from "commander";
import { findServer } from "../../config/server-address.ts";
import { Failed, UsageError } from "../failure.ts";
import { clientOf, type ServerOptions, withServerOptions } from "../server-options.ts";
import { outputScreen, print, printJson, type Shell } from "../shell.ts";
import { importLines } from "./import-lines.ts";
import { Tally } from "./tally.ts";

export function importCommand(shell: Shell): Command {
  const command = new Command("import")
    .description("Send stored traces, logs and metrics to the server.")
    .argument("<files...>", "files, or - for standard input");
  return withServerOptions(command, "print what was accepted and rejected as JSON")
    .addHelpText(
      "after",
      `
Understood without being told: OTLP as JSON, JSON lines or protobuf, what Jaeger's UI downloads and its API answers,
and Zipkin's JSON; each also packed with gzip. What is imported twice is stored once.

Examples:
  clew import trace.json
  clew import *.jsonl.gz
  curl -s "$JAEGER/api/traces?service=planner" | clew import -`,
    )
    .action(async (files: string[], options: ServerOptions) => {
      if (files.filter((file) => file === "-").length > 1)
        throw new UsageError("standard input can be read only once");
      const { otlp } = await clientOf(shell, options).setup({ signal: shell.signal });
      if (otlp.http === undefined) throw new UsageError("this server does not receive OTLP over HTTP");
      const { token } = findServer({ flags: { ...options }, env: shell.env, cwd: shell.cwd });
      const sender = { url: otlp.http.replace(/\/+$/, ""), token, signal: shell.signal };
      const { importFile } = await import("./import-file.ts");
      const tally = new Tally();
      for (const file of files) await importFile(file, tally, sender, shell);
      if (options.json) await printJson(shell, tally.result);
      else await print(shell, importLines(tally.result, outputScreen(shell)));
      if (!tally.isComplete) throw new Failed();
    });
}
