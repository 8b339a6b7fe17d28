/** A value the database binds to `{name:Type}`; it never becomes part of the SQL text. */
export type QueryParameter =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly (string | number | bigint)[];

export interface QueryOptions {
  /** One for each `{name:Type}` of the SQL; a list of any length goes to an `Array`. */
  readonly parameters?: Readonly<Record<string, QueryParameter>>;
  /** Database settings for this query only. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Aborting stops the query in the database too, and rejects with `QueryCancelled`. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds the query may take, for a stream until its last row was taken; default 30,000. Exceeding it
   * rejects with `QueryTimeout`.
   */
  readonly timeoutMs?: number;
}

/** Tables that ingest writes; readers use any SQL object of `sql/schema`. */
export type InsertTable =
  | "resources"
  | "scopes"
  | "attribute_keys"
  | "spans"
  | "traces"
  | "span_stats"
  | "trace_links"
  | "logs"
  | "metric_points";

/** One block in ClickHouse's Native format (columns with names and types, no block info). */
export interface NativeBlock {
  readonly table: InsertTable;
  readonly rows: number;
  /** The block's bytes, in pieces that follow one another. Columns go by name; those that are left out are empty. */
  readonly chunks: readonly Uint8Array[];
  /** Names an insert so that a replicated table takes it once however often it is sent. */
  readonly deduplicationToken: string;
}

/**
 * `restarting`: the engine is being started again, or the last call did not reach the cluster. `ready` is no
 * promise that the next call succeeds.
 */
export type StoreState = "starting" | "ready" | "restarting" | "closed";

/**
 * The one way to the database. Embedded engine and cluster differ behind it by a URL and by the table
 * engines of the schema; nobody outside `store/` can tell which one it is.
 *
 * Every method rejects with `StoreUnavailable` while the engine restarts or the cluster cannot be reached
 * (retry later), with `QueryTooLarge` for what does not fit into memory, and with `StoreRefused` for what the
 * database says about the statement itself.
 */
export interface Store {
  readonly state: StoreState;
  /** Where the data is, for people: a folder, or the cluster's URL without its password. */
  readonly location: string;
  /**
   * Rows by column name, at most 256 MiB of them. 64-bit integers come as decimal strings, as ClickHouse's
   * JSON formats write them.
   */
  query<Row>(sql: string, options?: QueryOptions): Promise<Row[]>;
  /**
   * The same rows, a few thousand at a time and no faster than they are taken, for results that must not be
   * held whole. Leaving the loop stops the query. May reject after some rows.
   */
  stream<Row>(sql: string, options?: QueryOptions): AsyncIterable<Row[]>;
  /** The answer's bytes in the given format, e.g. `Native` or `RowBinary`; at most 256 MiB of rows. */
  queryBytes(sql: string, format: string, options?: QueryOptions): Promise<Uint8Array>;
  /** A statement without a result. */
  command(sql: string, options?: QueryOptions): Promise<void>;
  /** All rows of the block are in one part, or none is: a block belongs to one `received_day`. */
  insert(block: NativeBlock): Promise<void>;
  /** Waits for queries under way, stops those that take longer than `timeoutMs`, and then the engine. Idempotent. */
  close(timeoutMs?: number): Promise<void>;
}
