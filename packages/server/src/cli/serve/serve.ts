import { once } from "node:events";
import type { ConfigInput, LoadedConfig } from "../../config/load-config.ts";
import { createLogger } from "../../log.ts";
import { GatewayChild } from "../gateway/gateway-child.ts";
import { gatewayConfiguration } from "../gateway/gateway-configuration.ts";
import { Progress } from "../progress.ts";
import { notesScreen, outputScreen, print, printJson, type Shell } from "../shell.ts";
import { packageVersion } from "../version.ts";
import { banner } from "./banner.ts";
import { weighBuffersWithHeap } from "./heap.ts";
import { ClewServer } from "./server.ts";

const SILENT_MS = 1000;

/** Runs a server until the shell's signal; then everything received is stored before it resolves. */
export async function serve(
  loaded: LoadedConfig,
  input: ConfigInput,
  json: boolean,
  shell: Shell,
): Promise<void> {
  const { config, file } = loaded;
  // What is wrong with the gateway is told before anything is started.
  if (loaded.gateway !== undefined) gatewayConfiguration(file === undefined ? {} : { config: file }, shell);
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
  const gateway = loaded.gateway && new GatewayChild({ shell, log, file, receiver: endpoints.http });
  const progress = new Progress(shell);
  const late = setTimeout(
    () => progress.text(`Receiving on ${endpoints.http}; opening the store ...`),
    SILENT_MS,
  );
  try {
    const started = Promise.all([server.ready, gateway?.ready]);
    const [, gateways] = (await Promise.race([started, stopped.then(() => undefined)])) ?? [];
    clearTimeout(late);
    progress.end();
    if (!shell.signal.aborted) {
      if (json) await printJson(shell, { version, ...endpoints, data: location, gateway: gateways });
      else
        await print(
          shell,
          banner(config, { ...endpoints, gateways }, location, version, outputScreen(shell)),
        );
    }
    await stopped;
    if (screen.isTerminal) progress.text("Storing what was received ...");
  } finally {
    clearTimeout(late);
    await gateway?.close();
    await server.close();
    progress.end();
  }
}
