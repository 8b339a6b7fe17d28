import { once } from "node:events";
import { Command } from "commander";
import { type Config, loadConfig } from "../../config/load-config.ts";
import { SETTINGS } from "../../config/settings.ts";
import { createLogger } from "../../log.ts";
import { Progress } from "../progress.ts";
import { notesScreen, outputScreen, print, printJson, type Shell } from "../shell.ts";
import { packageVersion } from "../version.ts";
import { banner } from "./banner.ts";
import { ClewServer } from "./server.ts";

const SILENT_MS = 1000;

export function serveCommand(shell: Shell): Command {
  const command = new Command("serve")
    .description("Run the server: receivers, store, API and user interface.")
    .option(
      "--config <file>",
      "configuration file (default: ./clew.yaml, else clew/clew.yaml in the XDG config home)",
    )
    .option("--json", "print where the server is as one JSON object, and log JSON");
  for (const { flag, kind, meaning, allowed } of SETTINGS) {
    if (flag === undefined) continue;
    if (kind === "boolean") command.option(`--${flag}`, meaning);
    else
      command.option(
        `--${flag} <value>`,
        `${meaning} ${allowed.charAt(0).toUpperCase()}${allowed.slice(1)}.`,
      );
  }
  return command
    .addHelpText(
      "after",
      `
Each setting can also stand in clew.yaml or the environment: --data-dir is dataDir there and CLEW_DATA_DIR here.

Examples:
  clew serve
  clew serve --data-dir ./traces --api-port 8080
  CLEW_TOKEN=$(openssl rand -hex 16) clew serve --host 0.0.0.0
  clew serve --store clickhouse://clew@db.internal:8123/traces`,
    )
    .action(async (options: Record<string, unknown>) => {
      const { config } = loadConfig({ flags: options, env: shell.env, cwd: shell.cwd });
      await serve(config, options.json === true, shell);
    });
}

async function serve(config: Config, json: boolean, shell: Shell): Promise<void> {
  const screen = notesScreen(shell);
  const log = createLogger({
    level: config.logLevel,
    target: shell.notes,
    forPeople: screen.isTerminal && !json,
    color: screen.color,
  });
  const version = packageVersion();
  const server = await ClewServer.start({ config, log, version });
  const { endpoints, location } = server;
  const stopped = shell.signal.aborted ? Promise.resolve() : once(shell.signal, "abort");
  const progress = new Progress(shell);
  const late = setTimeout(
    () => progress.text(`Receiving on ${endpoints.http}; opening the store ...`),
    SILENT_MS,
  );
  try {
    await Promise.race([server.ready, stopped]);
    clearTimeout(late);
    progress.end();
    if (!shell.signal.aborted) {
      if (json) await printJson(shell, { version, ...endpoints, data: location });
      else await print(shell, banner(config, endpoints, location, version, outputScreen(shell)));
    }
    await stopped;
    if (screen.isTerminal) progress.text("Storing what was received ...");
  } finally {
    clearTimeout(late);
    await server.close();
    progress.end();
  }
}
