import { Readable } from "node:stream";
import type { ClickHouseClient, ResponseJSON } from "@clickhouse/client";
import { engineClient, serverClient } from "./clickhouse-client.ts";
import { type Listen, spoolDirOf } from "./engine/messages.ts";
import { withSpooled } from "./spool.ts";
import type { NativeBlock, QueryOptions, Store, StoreState } from "./store.ts";
import { QueryCancelled, QueryTimeout, StoreRefused, StoreUnavailable } from "./store-errors.ts";
import { storeFailure } from "./store-failure.ts";
import { parseStoreUrl } from "./store-url.ts";
import { type StoreLog, Supervisor } from "./supervisor.ts";

const DEFAULT_TIMEOUT_MS = 30_000;
const INSERT_TIMEOUT_MS = 120_000;
/** A part of two granules is looked through as fast as its skip indexes are; merges build them. */
const ROWS_WORTH_AN_INDEX = 2 * 8192;
/** The database ends a statement at its timeout; when it has not by then, the caller gives up this much later. */
const TIMEOUT_MARGIN_MS = 5000;
/** Largest result that is held whole; a larger one is an error, and has to be streamed. */
const MAX_RESULT_BYTES = 256 * 1024 * 1024;
/** ClickHouse's number for a file that is not there: the engine was restarted and has cleared its spool. */
const FILE_DOES_NOT_EXIST = 107;

export interface EmbeddedOptions {
  /** Made when missing; one process at a time. */
  readonly dataDir: string;
  readonly log: StoreLog;
}

export interface ClusterOptions {
  /** `clickhouse://user:password@host:8123/database`; `clickhouses:` for TLS. */
  readonly url: string;
  /** Name of the cluster in ClickHouse's configuration; unset for a single server. */
  readonly cluster?: string;
  readonly log: StoreLog;
}

/** Opens the store whose engine is a child process of this one; rejects with `StoreLocked`, `EngineNotStarted`. */
export async function openEmbedded(options: EmbeddedOptions): Promise<ClickHouseStore> {
  const supervisor = await Supervisor.start(options);
  const spoolDir = spoolDirOf(supervisor.dataDir);
  const client = engineClient(() => supervisor.address);
  return new ClickHouseStore(client, { location: supervisor.dataDir, supervisor, spoolDir });
}

/** Opens a store on a ClickHouse server or cluster; it need not be reachable yet. */
export async function openCluster(options: ClusterOptions): Promise<ClickHouseStore> {
  const { url, database, username, password, location } = parseStoreUrl(options.url);
  const access = { url: url.href, username, password };
  const createDatabase = async () => {
    // A client that names a database cannot do anything until there is one.
    const client = serverClient(access);
    const on = options.cluster === undefined ? "" : ` ON CLUSTER '${options.cluster}'`;
    const query = `CREATE DATABASE IF NOT EXISTS ${quoteName(database)}${on}`;
    await client.command({ query }).finally(() => client.close());
  };
  const client = serverClient({ ...access, database });
  return new ClickHouseStore(client, { location, cluster: options.cluster, createDatabase });
}

function quoteName(name: string): string {
  return `\`${name.replace(/[\\`]/g, "\\$&")}\``;
}

/** Which database a client talks to. */
export interface StorePlace {
  readonly location: string;
  readonly cluster?: string | undefined;
  /** Of an engine of ours: the store ends it, and calls fail at once while it restarts. */
  readonly supervisor?: Supervisor | undefined;
  /** Of an engine on this machine: a folder out of which it reads rows faster than off a socket. */
  readonly spoolDir?: string | undefined;
  /** Makes the database that the client names; unset where there always is one. */
  readonly createDatabase?: () => Promise<void>;
}

/** `Store` over ClickHouse's HTTP interface, whoever answers it. */
export class ClickHouseStore implements Store {
  readonly location: string;
  /** Name of the cluster whose every node has the tables; undefined for one server. */
  readonly cluster: string | undefined;
  readonly #client: ClickHouseClient;
  readonly #supervisor: Supervisor | undefined;
  readonly #spoolDir: string | undefined;
  readonly #createDatabase: () => Promise<void>;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  #reachable = true;
  #closed: Promise<void> | undefined;

  constructor(client: ClickHouseClient, place: StorePlace) {
    this.#client = client;
    this.location = place.location;
    this.cluster = place.cluster;
    this.#supervisor = place.supervisor;
    this.#spoolDir = place.spoolDir;
    this.#createDatabase = place.createDatabase ?? (async () => undefined);
  }

  get state(): StoreState {
    if (this.#closed !== undefined) return "closed";
    return this.#supervisor?.state ?? (this.#reachable ? "ready" : "restarting");
  }

  /** Where the engine answers, for other threads; undefined for a cluster. */
  get address(): Listen | undefined {
    return this.#supervisor?.address;
  }

  /** The engine's process id; undefined for a cluster and while there is none. */
  get enginePid(): number | undefined {
    return this.#supervisor?.pid;
  }

  async query<Row>(sql: string, options: QueryOptions = {}): Promise<Row[]> {
    return await this.#run(options, async (signal) => {
      const result = await this.#client.query({
        ...this.#request(sql, options, signal, WHOLE),
        format: "JSONCompact",
      });
      return rowsOf<Row>(await result.json<unknown[]>());
    });
  }

  async *stream<Row>(sql: string, options: QueryOptions = {}): AsyncGenerator<Row[]> {
    const left = new AbortController();
    const finished = Promise.withResolvers<void>();
    this.#underWay.add(finished.promise);
    let stop: (() => void) | undefined;
    try {
      const result = await this.#run({ ...options, signal: either(left.signal, options.signal) }, (signal) =>
        this.#client.query({ ...this.#request(sql, options, signal), format: "JSONEachRow" }),
      );
      stop = () => result.close();
      // The client forgets the signal once the answer has begun.
      for (const signal of [this.#closing.signal, options.signal]) signal?.addEventListener("abort", stop);
      if (options.signal?.aborted || this.#closing.signal.aborted) stop();
      for await (const rows of result.stream<Row>()) yield rows.map((row) => row.json());
      if (options.signal?.aborted) throw new QueryCancelled("The query was cancelled");
    } catch (error) {
      throw this.#failure(error, options.signal);
    } finally {
      if (stop !== undefined) {
        for (const signal of [this.#closing.signal, options.signal])
          signal?.removeEventListener("abort", stop);
        stop();
      }
      left.abort();
      this.#underWay.delete(finished.promise);
      finished.resolve();
    }
  }

  async queryBytes(sql: string, format: string, options: QueryOptions = {}): Promise<Uint8Array> {
    if (!/^\w+$/.test(format)) throw new TypeError(`${JSON.stringify(format)} is not the name of a format`);
    return await this.#run(options, async (signal) => {
      const { stream } = await this.#client.exec(
        this.#request(`${sql}\nFORMAT ${format}`, options, signal, WHOLE),
      );
      const chunks: Buffer[] = [];
      for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
      return Buffer.concat(chunks);
    });
  }

  async command(sql: string, options: QueryOptions = {}): Promise<void> {
    await this.#run(options, (signal) => this.#client.command(this.#request(sql, options, signal)));
  }

  async insert(block: NativeBlock): Promise<void> {
    if (this.#spoolDir !== undefined) await this.#insertFromFile(this.#spoolDir, block);
    else await this.#insertOverHttp(block);
  }

  /** Makes the database that the tables go into, where there is none. */
  async createDatabase(): Promise<void> {
    await this.#run({}, this.#createDatabase);
  }

  close(timeoutMs = 10_000): Promise<void> {
    this.#closed ??= this.#close(timeoutMs);
    return this.#closed;
  }

  async #insertFromFile(spoolDir: string, block: NativeBlock): Promise<void> {
    const settings = {
      // A second thread would only wait for the first, and its memory costs more than it brings.
      max_threads: 1,
      max_insert_threads: 1,
      materialize_skip_indexes_on_insert: block.rows > ROWS_WORTH_AN_INDEX ? 1 : 0,
    };
    const options = { timeoutMs: INSERT_TIMEOUT_MS, settings };
    await this.#run(options, (signal) =>
      withSpooled(spoolDir, block.chunks, async (file) => {
        const path = `'${file.replace(/[\\']/g, "\\$&")}'`;
        const sql = `INSERT INTO ${block.table} FROM INFILE ${path} FORMAT Native`;
        await this.#client.command(this.#request(sql, options, signal));
      }),
    );
  }

  async #insertOverHttp(block: NativeBlock): Promise<void> {
    const options = { timeoutMs: INSERT_TIMEOUT_MS };
    const settings = { insert_deduplication_token: block.deduplicationToken };
    await this.#run(options, async (signal) => {
      const { stream } = await this.#client.exec({
        ...this.#request(`INSERT INTO ${block.table} FORMAT Native`, options, signal, settings),
        values: Readable.from(block.chunks, { objectMode: false }),
      });
      // The answer to an insert is empty; reading it frees the connection.
      for await (const _ of stream);
    });
  }

  async #close(timeoutMs: number): Promise<void> {
    const timer = setTimeout(() => this.#closing.abort(), timeoutMs);
    await Promise.allSettled(this.#underWay);
    clearTimeout(timer);
    this.#closing.abort();
    await this.#client.close();
    await this.#supervisor?.close();
  }

  #request(
    sql: string,
    options: QueryOptions,
    signal: AbortSignal,
    settings: Readonly<Record<string, string | number>> = {},
  ) {
    return {
      query: sql,
      abort_signal: signal,
      clickhouse_settings: {
        output_format_json_quote_64bit_integers: 1 as const,
        ...(this.cluster !== undefined && ON_A_CLUSTER),
        ...settings,
        ...options.settings,
        max_execution_time: (options.timeoutMs ?? DEFAULT_TIMEOUT_MS) / 1000,
      },
      ...(options.parameters && { query_params: options.parameters }),
    };
  }

  async #run<Result>(options: QueryOptions, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    if (this.#closed !== undefined) throw new StoreUnavailable("The store is closed");
    if (options.signal?.aborted) throw new QueryCancelled("The query was cancelled");
    if (this.#supervisor !== undefined && this.#supervisor.state !== "ready") throw this.#away();
    const late = new AbortController();
    const timeoutMs = (options.timeoutMs ?? DEFAULT_TIMEOUT_MS) + TIMEOUT_MARGIN_MS;
    const timer = setTimeout(() => late.abort(), timeoutMs);
    const result = work(either(late.signal, this.#closing.signal, options.signal));
    this.#underWay.add(result);
    try {
      const value = await result;
      this.#reachable = true;
      return value;
    } catch (error) {
      if (late.signal.aborted) throw new QueryTimeout("The query took too long", { cause: error });
      throw this.#failure(error, options.signal);
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(result);
    }
  }

  #failure(error: unknown, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) return new QueryCancelled("The query was cancelled", { cause: error });
    if (this.#closing.signal.aborted) return new StoreUnavailable("The store is closed", 1, { cause: error });
    const failure = storeFailure(error, (cause) => this.#away(cause));
    const restarted = failure instanceof StoreRefused && failure.clickhouseCode === FILE_DOES_NOT_EXIST;
    return restarted ? this.#away(error) : failure;
  }

  #away(cause?: unknown): StoreUnavailable {
    this.#reachable = false;
    const options = cause === undefined ? undefined : { cause };
    if (this.#spoolDir === undefined) {
      return new StoreUnavailable(`ClickHouse at ${this.location} cannot be reached`, 5, options);
    }
    const trouble = this.#supervisor?.trouble ?? "";
    return new StoreUnavailable(`The database is restarting. ${trouble}`.trim(), 1, options);
  }
}

/** The answer is sent when it is complete, so that a failure is never a truncated result. */
const WHOLE = {
  wait_end_of_query: 1,
  max_result_bytes: MAX_RESULT_BYTES,
  result_overflow_mode: "throw",
} as const;

/** Joins see all shards, and an insert is on its shards when it returns. */
const ON_A_CLUSTER = {
  distributed_product_mode: "global",
  distributed_foreground_insert: 1,
} as const;

function either(...signals: (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined));
}

/** An array per row is the cheapest JSON for both sides; names are put back here. */
function rowsOf<Row>({ meta = [], data }: ResponseJSON<unknown[]>): Row[] {
  const names = meta.map((column) => column.name);
  return data.map((values) => {
    const row: Record<string, unknown> = {};
    for (let at = 0; at < names.length; at++) row[names[at]!] = values[at];
    return row as Row;
  });
}
