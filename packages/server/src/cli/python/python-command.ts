import { Command } from "commander";
import { print, printJson, type Shell } from "../shell.ts";
import { installPackages } from "./install-packages.ts";
import { findInterpreter } from "./interpreter.ts";
import { packagesFolder } from "./packages-folder.ts";

interface InstallOptions {
  readonly python?: string;
  readonly dataDir?: string;
  readonly config?: string;
  readonly json?: boolean;
}

export function pythonCommand(shell: Shell): Command {
  const command = new Command("python").description("Prepare the tracing of Python programs.");
  command
    .command("install")
    .description(
      "Install OpenTelemetry's packages for `clew run` into a folder that no program sees otherwise.",
    )
    .option("--python <command>", "the Python to install for (default: python3, else python)")
    .option("--data-dir <folder>", "data folder (default: that of the server)")
    .option("--config <file>", "configuration file that names the data folder")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Needs pip and about 15 MB for each version of Python. Programs that have the OpenTelemetry SDK use their own.

Examples:
  clew python install
  clew python install --python .venv/bin/python
  clew run -- python agent.py`,
    )
    .action(async ({ json, python, ...flags }: InstallOptions) => {
      const { env, cwd, signal } = shell;
      const interpreter = await findInterpreter(python, env, signal);
      const root = packagesFolder({ flags, env, cwd });
      if (!json) shell.notes.write(`Installing for Python ${interpreter.version}\n`);
      const { folder, changed } = await installPackages(interpreter, root, { env, signal });
      if (json) return await printJson(shell, { python: interpreter.version, folder, changed });
      await print(shell, [changed ? `Installed into ${folder}` : `Everything is there: ${folder}`]);
    });
  return command;
}
