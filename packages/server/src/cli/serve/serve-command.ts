import { Command } from "commander";
import { loadConfig } from "../../config/load-config.ts";
import { SETTINGS, type Setting } from "../../config/settings.ts";
import { defaultOf } from "../../config/settings-table.ts";
import type { Shell } from "../shell.ts";

export function serveCommand(shell: Shell): Command {
  const command = new Command("serve")
    .description("Run the server: receivers, store, API and user interface.")
    .option(
      "--config <file>",
      "configuration file (default: ./clew.yaml, else clew/clew.yaml in the XDG config home)",
    )
    .option("--json", "print where the server is as one JSON object, and log JSON");
  for (const setting of SETTINGS) {
    if (setting.flag === undefined) continue;
    const value = setting.kind === "boolean" ? "" : ` <${setting.placeholder ?? "value"}>`;
    command.option(`--${setting.flag}${value}`, helpOf(setting));
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
      const input = { flags: options, env: shell.env, cwd: shell.cwd };
      const loaded = loadConfig(input);
      const { serve } = await import("./serve.ts");
      await serve(loaded, input, options.json === true, shell);
    });
}

/** What a setting means, its choices where there are few, and its default. */
function helpOf(setting: Setting): string {
  const { meaning, allowed, kind } = setting;
  const choices = /^an? /.test(allowed) || kind === "boolean" ? "" : ` It is ${allowed}.`;
  const fallback = kind === "boolean" ? "" : ` (default: ${defaultOf(setting).replaceAll("`", "")})`;
  return meaning + choices + fallback;
}
