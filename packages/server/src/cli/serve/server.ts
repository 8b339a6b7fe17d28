import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config, ConfigInput } from "../../config/load-config.ts";
import type { Api } from "../../http/api.ts";
import { IngestEvents } from "../../ingest/events.ts";
import { Pipeline } from "../../ingest/pipeline.ts";
import { type Receivers, startReceivers } from "../../ingest/receive/receivers.ts";
import type { Logger } from "../../log.ts";
import { openStore, shownLocation } from "../../store/open-store.ts";
import { StoreUnavailable } from "../../store/store-errors.ts";
import { type ApiPort, listenApi } from "./api-port.ts";
import { type Endpoints, endpointsOf } from "./banner.ts";
import { composeApi } from "./compose-api.ts";
import { DataFolder } from "./data-folder.ts";
import { LateStore } from "./late-store.ts";

const DRAIN_MS = 5000;
const STORE_CLOSE_MS = 5000;
const LONGEST_RETRY_MS = 10_000;

export interface ServerOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly version: string;
  /** Where the configuration came from; what the server starts itself gets it. */
  readonly input?: ConfigInput;
}

interface Parts {
  readonly folder: DataFolder;
  readonly store: LateStore;
  pipeline?: Pipeline;
  receivers?: Receivers;
  api?: Api;
  apiPort?: ApiPort;
}

/** All parts of one server. It takes requests as soon as it is started; its store opens meanwhile. */
export class ClewServer {
  readonly endpoints: Endpoints;
  /** Where the data is, for people. */
  readonly location: string;
  /** Resolves when what was received can be queried; rejects when the store cannot be opened. */
  readonly ready: Promise<void>;
  readonly #log: Logger;
  readonly #parts: Parts;
  readonly #closing = new AbortController();
  #isOpen = false;

  private constructor(options: ServerOptions, parts: Parts, endpoints: Endpoints) {
    this.#log = options.log;
    this.#parts = parts;
    this.location = parts.store.location;
    this.endpoints = endpoints;
    parts.folder.note({ pid: process.pid, url: endpoints.api });
    this.ready = this.#openStore(options.config);
    // Whoever waits for it is told; nobody needs to.
    this.ready.catch(() => undefined);
  }

  /**
   * Resolves when all ports are open. Rejects with `DataFolderTaken`, `DataFolderUnusable`, `PortTaken` or
   * `ListenFailed`; then nothing is left open.
   */
  static async start(options: ServerOptions): Promise<ClewServer> {
    const { config, log, version } = options;
    const parts: Parts = {
      folder: DataFolder.open(config.dataDir),
      store: new LateStore(shownLocation(config)),
    };
    try {
      const { dataDir, maxLogBytes, pricesFile, host, grpcPort, httpPort, token, maxBodyBytes } = config;
      const pipeline = await Pipeline.open({ dataDir, maxLogBytes, pricesFile, log });
      parts.pipeline = pipeline;
      const events = new IngestEvents();
      const tls = tlsOf(config);
      const receivers = await startReceivers({
        ...{ host, grpcPort, httpPort, token, maxBodyBytes, tls, events, log },
        cors: config.cors.origins,
        intake: pipeline,
      });
      parts.receivers = receivers;
      let server: ClewServer | undefined;
      const ports = { grpc: receivers.grpcPort, http: receivers.httpPort };
      parts.api = composeApi({
        ...{ config, version, log, pipeline, events, store: parts.store, input: options.input },
        isReady: () => server?.isReady === true,
        endpoints: () => {
          const { grpc, http } = endpointsOf(config, { ...ports, api: config.apiPort });
          return { grpc, http };
        },
      });
      const { fetch } = parts.api;
      parts.apiPort = await listenApi({ host, port: config.apiPort, tls, fetch });
      server = new ClewServer(options, parts, endpointsOf(config, { ...ports, api: parts.apiPort.port }));
      return server;
    } catch (error) {
      await letGo(parts, log);
      throw error;
    }
  }

  /** It takes what it is sent, and will show it. */
  get isReady(): boolean {
    return this.#isOpen && !this.#closing.signal.aborted;
  }

  /** Takes nothing new, stores what was taken and lets go of everything. Never rejects. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.ready.catch(() => undefined);
    await letGo(this.#parts, this.#log);
  }

  /** A cluster that cannot be reached is waited for: what is received meanwhile waits in the log. */
  async #openStore(config: Config): Promise<void> {
    for (let waitMs = 250; ; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
      try {
        const { store, handle } = await openStore({ ...config, log: this.#log });
        this.#parts.store.open(store);
        this.#parts.pipeline?.start(handle);
        this.#isOpen = true;
        return;
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || config.store === "embedded") throw error;
        this.#log.warn({ error, store: this.location }, "the store cannot be reached; trying again");
        await sleep(waitMs, undefined, { signal: this.#closing.signal });
      }
    }
  }
}

/** From the outside in: first nothing comes any more, then what came is stored, then the store goes. */
async function letGo(parts: Parts, log: Logger): Promise<void> {
  const { receivers, api, apiPort, pipeline, store, folder } = parts;
  const steps: [string, () => Promise<void> | void][] = [
    ["the receivers", () => receivers?.drain(DRAIN_MS)],
    ["the API", () => api?.close()],
    ["the API's port", () => apiPort?.close(DRAIN_MS)],
    ["the ingest pipeline", () => pipeline?.close()],
    ["the store", () => store.close(STORE_CLOSE_MS)],
    ["the data folder", () => folder.close()],
  ];
  for (const [part, close] of steps) {
    try {
      await close();
    } catch (error) {
      log.error({ error }, `${part} could not be closed`);
    }
  }
}

function tlsOf({ tls }: Config) {
  if (tls.cert === undefined || tls.key === undefined) return undefined;
  return { cert: readFileSync(tls.cert), key: readFileSync(tls.key) };
}
