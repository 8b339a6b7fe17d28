import { once } from "node:events";
import type { Config, ConfigInput } from "../../config/load-config.ts";
import { createLogger } from "../../log.ts";
import { Progress } from "../progress.ts";
import { notesScreen, outputScreen, print, printJson, type Shell } from "../shell.ts";
import { packageVersion } from "../version.ts";
import { banner } from "./banner.ts";
import { weighBuffersWithHeap } from "./heap.ts";
import { ClewServer } from "./server.ts";

const SILENT_MS = 1000;

/** Runs a server until the shell's signal; then everything received is stored before it resolves. */
export async function serve(config: Config, input: ConfigInput, json: boolean, shell: Shell): Promise<void> {
  weighBuffersWithHeap();
  const screen = notesScreen(shell);
  const log = createLogger({
    level: config.logLevel,
    target: shell.notes,
    forPeople: screen.isTerminal && !json,
    color: screen.color,
  });
  const version = packageVersion();
  const server = await ClewServer.start({ config, log, version, input });
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
