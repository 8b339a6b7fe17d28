import { once } from "node:events";
import { ConfigError } from "../../config/config-error.ts";
import { Gateway } from "../../gateway/proxy/gateway.ts";
import { createLogger, type Logger } from "../../log.ts";
import { notesScreen, outputScreen, print, printJson, type Shell } from "../shell.ts";
import { packageVersion } from "../version.ts";
import { watchFile } from "./config-watch.ts";
import { checkedLines, gatewayBanner } from "./gateway-banner.ts";
import type { GatewayOptions } from "./gateway-command.ts";
import { gatewayConfiguration } from "./gateway-configuration.ts";
import { costsFrom } from "./gateway-costs.ts";
import { GatewayRuntime, type OpenParts } from "./gateway-runtime.ts";
import { replayerOfTrace } from "./replayed-trace.ts";

/** Runs the gateway until the shell's signal; then requests under way are finished and the last spans sent. */
export async function runGateway(options: GatewayOptions, shell: Shell): Promise<void> {
  const configuration = gatewayConfiguration(options, shell);
  const { gateway: config, server } = configuration;
  if (options.check === true) return await tellChecked(configuration, options, shell);
  const log = createLogger({
    level: server.config.logLevel,
    target: shell.notes,
    forPeople: notesScreen(shell).isTerminal && options.json !== true,
    color: notesScreen(shell).color,
  });
  const replayer =
    options.replayFrom === undefined
      ? undefined
      : await replayerOfTrace(options.replayFrom, serverOf(options), config.recording, shell);
  const cost = costsFrom(server.config.pricesFile);
  const runtime = new GatewayRuntime({ shell, log, cost, replayer });
  const version = packageVersion();
  const first = runtime.open(config);
  let gateway: Gateway;
  try {
    gateway = await Gateway.start(config, first.parts, version);
  } catch (error) {
    await first.close();
    throw error;
  }
  if (options.json) await printJson(shell, { version, gateway: gateway.urls });
  else await print(shell, gatewayBanner(config, gateway.urls, version, outputScreen(shell)));
  const reloads = new Reloads({ gateway, runtime, log, options, shell, parts: first });
  const stopWatching = server.file === undefined ? undefined : watchFile(server.file, reloads.ask);
  process.on("SIGHUP", reloads.ask);
  if (!shell.signal.aborted) await once(shell.signal, "abort");
  process.off("SIGHUP", reloads.ask);
  stopWatching?.();
  await reloads.end();
}

function serverOf({ url, config }: GatewayOptions) {
  return { ...(url !== undefined && { url }), ...(config !== undefined && { config }) };
}

async function tellChecked(
  { gateway, server }: ReturnType<typeof gatewayConfiguration>,
  { json }: GatewayOptions,
  shell: Shell,
): Promise<void> {
  const summary = checkedLines(gateway, server.file);
  if (json) {
    await printJson(shell, {
      valid: true,
      file: server.file ?? null,
      listeners: gateway.listeners.map(({ host, port }) => `${host}:${port}`),
      upstreams: [...gateway.upstreams.keys()],
      routes: gateway.routes.length,
    });
  } else await print(shell, summary);
}

interface ReloadsOptions {
  readonly gateway: Gateway;
  readonly runtime: GatewayRuntime;
  readonly log: Logger;
  readonly options: GatewayOptions;
  readonly shell: Shell;
  readonly parts: OpenParts;
}

/** Takes new configurations, one after the other; one that can't be used changes nothing. */
class Reloads {
  readonly #options: ReloadsOptions;
  #parts: OpenParts;
  #last: Promise<void> = Promise.resolve();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: ReloadsOptions) {
    this.#options = options;
    this.#parts = options.parts;
  }

  readonly ask = (): void => {
    this.#last = this.#last.then(() => this.#reload());
  };

  async end(): Promise<void> {
    await this.#last;
    await this.#options.gateway.close();
    await Promise.all([...this.#closing, this.#parts.close()]);
  }

  async #reload(): Promise<void> {
    const { gateway, runtime, log, options, shell } = this.#options;
    let next: OpenParts | undefined;
    try {
      const { gateway: config } = gatewayConfiguration(options, shell);
      next = runtime.open(config);
      const { retired } = await gateway.reload(config, next.parts);
      const old = this.#parts;
      this.#parts = next;
      const closed = retired.then(() => old.close()).finally(() => this.#closing.delete(closed));
      this.#closing.add(closed);
      log.info({ gateway: gateway.urls }, "the new configuration is in use");
    } catch (error) {
      await next?.close();
      const problems = error instanceof ConfigError ? error.problems : [String((error as Error).message)];
      log.error({ problems }, "the new configuration can't be used; the gateway goes on with the old one");
    }
  }
}
