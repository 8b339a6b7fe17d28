import { Session } from "chdb";
import { engineError } from "./engine-error.ts";
import { quote } from "./sql-text.ts";

/** What a statement runs under: settings and parameters, as text, and the database its names mean. */
export interface Context {
  readonly settings: ReadonlyMap<string, string>;
  /** As ClickHouse's HTTP interface takes `param_*`: tabs, newlines and backslashes escaped. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly database: string;
}

/**
 * One connection to the engine. It runs one statement at a time and remembers what was set on it, so that
 * a statement like the one before costs no `SET`.
 *
 * Parameters are set on the session, where the engine binds them, because chDB runs calls that carry
 * parameters one after another in the whole process.
 */
export class EngineSession {
  readonly #chdb: Session;
  /** Names this session's statements among the running ones, so that they can be killed. */
  readonly mark: string;
  #applied: ReadonlyMap<string, string> = new Map();
  #database = "default";
  #running = false;

  constructor(dataDir: string, connectionArgs: readonly string[], mark: string) {
    this.#chdb = new Session(dataDir, { connectionArgs });
    this.mark = mark;
  }

  /** Brings settings, parameters and database to what the next statement needs. */
  async prepare(context: Context): Promise<void> {
    const settings = new Map(context.settings).set("log_comment", this.mark);
    const changes: string[] = [];
    for (const name of this.#applied.keys()) {
      if (!settings.has(name)) changes.push(`${name}=DEFAULT`);
    }
    for (const [name, value] of settings) {
      if (this.#applied.get(name) !== value) changes.push(`${name}=${quote(value)}`);
    }
    for (const [name, value] of context.parameters) changes.push(`param_${name}=${quote(value)}`);
    if (changes.length > 0) {
      try {
        await this.execute(`SET ${changes.join(", ")}`, "Null");
      } catch (error) {
        await this.#forget(settings.keys());
        throw error;
      }
      this.#applied = settings;
    }
    if (context.database !== this.#database) {
      await this.execute(`USE ${"`"}${context.database.replace(/[\\`]/g, "\\$&")}${"`"}`, "Null");
      this.#database = context.database;
    }
  }

  /** Whether a statement is under way that a kill by `mark` should end. */
  get running(): boolean {
    return this.#running;
  }

  /** Runs a statement to its end; the answer's bytes, and how many rows were read for it. */
  async execute(sql: string, format: string): Promise<{ bytes: Uint8Array; rowsRead: number }> {
    this.#running = true;
    try {
      const result = await this.#chdb.queryAsync(sql, { format });
      return { bytes: result.bytes(), rowsRead: result.rowsRead };
    } catch (error) {
      this.#running = false;
      await this.#flush();
      throw engineError(error);
    } finally {
      this.#running = false;
    }
  }

  /** A SELECT's answer in pieces, each fetched when it is asked for. Planning occupies the calling thread. */
  async *stream(sql: string, format: string): AsyncGenerator<Uint8Array> {
    let complete = false;
    this.#running = true;
    try {
      for await (const piece of this.#chdb.queryStream(sql, { format })) yield piece.raw();
      complete = true;
    } catch (error) {
      throw engineError(error);
    } finally {
      this.#running = false;
      if (!complete) await this.#flush();
    }
  }

  /**
   * chDB puts what a failed statement had written before the answer of the next one, and keeps it among the
   * running statements until then. So the next one is one whose answer nobody wants.
   */
  async #flush(): Promise<void> {
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        await this.#chdb.queryAsync("SELECT 1", { format: "Null" });
        return;
      } catch {
        // A kill meant for the failed statement may hit this one.
      }
    }
  }

  /** After a `SET` that failed it is unknown which of its parts took effect. */
  async #forget(attempted: Iterable<string>): Promise<void> {
    for (const name of new Set([...this.#applied.keys(), ...attempted])) {
      await this.execute(`SET ${name}=DEFAULT`, "Null").catch(() => undefined);
    }
    this.#applied = new Map();
  }

  close(): void {
    this.#chdb.close();
  }
}
