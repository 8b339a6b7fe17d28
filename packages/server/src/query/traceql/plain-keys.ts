import type { Store } from "../../store/store.ts";
import { POINT_LOOKUP } from "../query-settings.ts";
import { statement } from "../sql.ts";

/** A key that is rarer than once in so many rows is looked for in both places. */
const MOST_ROWS = 1_000_000;
const MOST_QUESTIONS = 16;

/**
 * Keys whose short values are attributes and no content. That is the same for all rows and for good, so that the store
 * is asked once for each.
 */
export class PlainKeys {
  readonly #known = new WeakMap<Store, Set<string>>();
  readonly #question: string;

  /** `question` names the statement, which has a row when a `key` is plain. */
  constructor(question: string) {
    this.#question = question;
  }

  /** The plain ones as far as they are known; asks of at most 16 at a time. */
  async among(
    store: Store,
    keys: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<ReadonlySet<string>> {
    const known = this.#known.get(store) ?? new Set();
    this.#known.set(store, known);
    const asked = keys.filter((key) => !known.has(key)).slice(0, MOST_QUESTIONS);
    await Promise.all(
      asked.map(async (key) => {
        const rows = await store.query(statement(this.#question), {
          parameters: { key },
          settings: { ...POINT_LOOKUP, max_rows_to_read: MOST_ROWS, read_overflow_mode: "break" },
          ...(signal && { signal }),
        });
        if (rows.length > 0) known.add(key);
      }),
    );
    return known;
  }
}
