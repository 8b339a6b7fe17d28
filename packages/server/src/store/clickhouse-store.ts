import { Agent } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { type ClickHouseClient, ClickHouseError, createClient } from "@clickhouse/client";
import type { NativeBlock, QueryOptions, Store, StoreState } from "./store.ts";
import {
  QueryCancelled,
  QueryTimeout,
  QueryTooLarge,
  StoreRefused,
  StoreUnavailable,
} from "./store-errors.ts";
import { type StoreLog, Supervisor, type SupervisorOptions } from "./supervisor.ts";

const DEFAULT_TIMEOUT_MS = 30_000;
/** The database ends a statement at its timeout; the caller gives up this much later. */
const TIMEOUT_MARGIN_MS = 5000;
const INSERT_TIMEOUT_MS = 120_000;

export interface EmbeddedOptions {
  /** Made when missing; one process at a time. */
  readonly dataDir: string;
  readonly log: StoreLog;
}

export interface ClusterOptions {
  /** `clickhouse://user:password@host:8123/database`; `clickhouses:` for TLS. */
  readonly url: string;
  /** Name of the cluster in ClickHouse's configuration; one server where unset. */
  readonly cluster?: string;
  readonly log: StoreLog;
}

/** Opens the store whose engine is a child process of this one. */
export async function openEmbedded(options: EmbeddedOptions): Promise<ClickHouseStore> {
  const supervisor = await Supervisor.start(options satisfies SupervisorOptions);
  return new ClickHouseStore(embeddedClient(supervisor), { location: options.dataDir, supervisor });
}

/** Opens a store on a ClickHouse server or cluster; it need not be reachable yet. */
export async function openCluster(options: ClusterOptions): Promise<ClickHouseStore> {
  const { url, database, username, password } = parseStoreUrl(options.url);
  const client = createClient({ url: url.href, database, username, password, ...CLIENT });
  const location = `${new URL(options.url).protocol}//${url.host}/${database}`;
  return new ClickHouseStore(client, { location, cluster: options.cluster });
}

const CLIENT = {
  application: "clew",
  compression: { request: false, response: false },
  max_open_connections: 64,
  request_timeout: 24 * 3600 * 1000,
  use_multipart_params_auto: true,
  log: { level: 127 },
} as const;

/** Reads `clickhouse://user:password@host:8123/database`; every part but the host may be left out. */
export function parseStoreUrl(text: string): {
  url: URL;
  database: string;
  username: string;
  password: string;
} {
  const given = new URL(text);
  const protocol = { "clickhouse:": "http:", "clickhouses:": "https:" }[given.protocol];
  if (protocol === undefined)
    throw new TypeError(`A store's URL starts with clickhouse:// or clickhouses://`);
  const port = given.port || (protocol === "http:" ? "8123" : "8443");
  return {
    url: new URL(`${protocol}//${given.hostname}:${port}`),
    database: decodeURIComponent(given.pathname.slice(1)) || "default",
    username: decodeURIComponent(given.username) || "default",
    password: decodeURIComponent(given.password),
  };
}

function embeddedClient(supervisor: Supervisor): ClickHouseClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  agent.createConnection = () => {
    const at = supervisor.address;
    return "socket" in at ? connect(at.socket) : connect(at.port, at.host);
  };
  return createClient({ url: "http://engine", http_agent: agent, ...CLIENT });
}

/** `Store` over ClickHouse's HTTP interface, whoever answers it. */
export class ClickHouseStore implements Store {
  readonly location: string;
  /** Name of the cluster whose every node has the tables; undefined for one server. */
  readonly cluster: string | undefined;
  readonly #client: ClickHouseClient;
  readonly #supervisor: Supervisor | undefined;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  #closed: Promise<void> | undefined;

  constructor(
    client: ClickHouseClient,
    where: {
      readonly location: string;
      readonly cluster?: string | undefined;
      readonly supervisor?: Supervisor | undefined;
    },
  ) {
    this.#client = client;
    this.location = where.location;
    this.cluster = where.cluster;
    this.#supervisor = where.supervisor;
  }

  get state(): StoreState {
    if (this.#closed !== undefined) return "closed";
    return this.#supervisor?.state ?? "ready";
  }

  /** The engine's process id; undefined for a cluster. */
  get enginePid(): number | undefined {
    return this.#supervisor?.pid;
  }

  async query<Row>(sql: string, options: QueryOptions = {}): Promise<Row[]> {
    return await this.#run(options, async (signal) => {
      const request = this.#request(sql, options, signal);
      const result = await this.#client.query({
        ...request,
        clickhouse_settings: { ...request.clickhouse_settings, wait_end_of_query: 1 },
        format: "JSONEachRow",
      });
      return await result.json<Row>();
    });
  }

  async *stream<Row>(sql: string, options: QueryOptions = {}): AsyncGenerator<Row[]> {
    const left = new AbortController();
    const signals = [left.signal, ...(options.signal ? [options.signal] : [])];
    const inner = { ...options, signal: AbortSignal.any(signals) };
    const result = await this.#run(inner, (signal) =>
      this.#client.query({ ...this.#request(sql, options, signal), format: "JSONEachRow" }),
    );
    try {
      for await (const rows of result.stream<Row>()) yield rows.map((row) => row.json());
    } catch (error) {
      throw this.#translate(error, options.signal);
    } finally {
      left.abort();
      result.close();
    }
  }

  async queryBytes(sql: string, format: string, options: QueryOptions = {}): Promise<Uint8Array> {
    return await this.#run(options, async (signal) => {
      const request = this.#request(`${sql}\nFORMAT ${format}`, options, signal);
      const { stream } = await this.#client.exec({
        ...request,
        clickhouse_settings: { ...request.clickhouse_settings, wait_end_of_query: 1 },
      });
      const chunks: Buffer[] = [];
      for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
      return Buffer.concat(chunks);
    });
  }

  async command(sql: string, options: QueryOptions = {}): Promise<void> {
    await this.#run(options, (signal) => this.#client.command(this.#request(sql, options, signal)));
  }

  async insert(block: NativeBlock): Promise<void> {
    const options = {
      timeoutMs: INSERT_TIMEOUT_MS,
      settings: { insert_deduplication_token: block.deduplicationToken },
    };
    await this.#run(options, async (signal) => {
      const { stream } = await this.#client.exec({
        ...this.#request(`INSERT INTO ${block.table} FORMAT Native`, options, signal),
        values: Readable.from(block.chunks, { objectMode: false }),
      });
      for await (const _ of stream) {
        // The answer to an insert is empty; reading it frees the connection.
      }
    });
  }

  close(timeoutMs = 10_000): Promise<void> {
    this.#closed ??= this.#close(timeoutMs);
    return this.#closed;
  }

  async #close(timeoutMs: number): Promise<void> {
    const idle = Promise.allSettled(this.#underWay);
    const timer = setTimeout(() => this.#closing.abort(), timeoutMs);
    await idle;
    clearTimeout(timer);
    this.#closing.abort();
    await this.#client.close();
    await this.#supervisor?.close();
  }

  #request(sql: string, options: QueryOptions, signal: AbortSignal) {
    const timeoutS = (options.timeoutMs ?? DEFAULT_TIMEOUT_MS) / 1000;
    return {
      query: sql,
      abort_signal: signal,
      clickhouse_settings: {
        output_format_json_quote_64bit_integers: 1 as const,
        ...options.settings,
        max_execution_time: timeoutS,
      },
      ...(options.parameters && { query_params: options.parameters }),
    };
  }

  async #run<Result>(options: QueryOptions, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    if (this.#closed !== undefined) throw new StoreUnavailable("The store is closed");
    if (options.signal?.aborted) throw new QueryCancelled("The query was cancelled");
    if (this.state !== "ready") throw this.#restarting();
    const late = AbortSignal.timeout((options.timeoutMs ?? DEFAULT_TIMEOUT_MS) + TIMEOUT_MARGIN_MS);
    const signals = [this.#closing.signal, late, ...(options.signal ? [options.signal] : [])];
    const result = work(AbortSignal.any(signals));
    this.#underWay.add(result);
    try {
      return await result;
    } catch (error) {
      if (late.aborted) throw new QueryTimeout("The query took too long", { cause: error });
      throw this.#translate(error, options.signal);
    } finally {
      this.#underWay.delete(result);
    }
  }

  #restarting(cause?: unknown): StoreUnavailable {
    return new StoreUnavailable(
      `The database is restarting. ${this.#supervisor?.trouble ?? ""}`.trim(),
      1,
      cause === undefined ? undefined : { cause },
    );
  }

  #translate(error: unknown, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) return new QueryCancelled("The query was cancelled", { cause: error });
    if (this.#closing.signal.aborted) return new StoreUnavailable("The store is closed", 1, { cause: error });
    if (error instanceof ClickHouseError) {
      const code = Number(error.code);
      const options = { cause: error };
      if (code === 159 || code === 160) return new QueryTimeout("The query took too long", options);
      if (code === 241) return new QueryTooLarge("The query needs more memory than it may use", options);
      if (code === 202 || code === 210) return new StoreUnavailable(error.message, 1, options);
      return new StoreRefused(code, error.message, options);
    }
    if (isConnectionFailure(error)) {
      if (this.#supervisor !== undefined) return this.#restarting(error);
      return new StoreUnavailable(`ClickHouse at ${this.location} cannot be reached`, 5, { cause: error });
    }
    return error;
  }
}

function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === "string" && /^(E[A-Z]+|UND_ERR.*|ERR_STREAM_PREMATURE_CLOSE)$/.test(code)) return true;
  return /socket hang up|Timeout error|aborted|premature close/i.test(error.message);
}
