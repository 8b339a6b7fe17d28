/** Something that is looked up by the id of a trace. */
export interface Keyed {
  readonly id: string;
}

/**
 * Looks things up by trace id, each once. What will be needed can be asked for early, so that it is fetched
 * while something else is. Ids for which there is nothing are not in the answer.
 */
export class Lookup<Key extends Keyed, Value> {
  readonly #fetch: (keys: readonly Key[]) => Promise<ReadonlyMap<string, Value>>;
  readonly #asked = new Map<string, Promise<ReadonlyMap<string, Value>>>();

  constructor(fetch: (keys: readonly Key[]) => Promise<ReadonlyMap<string, Value>>) {
    this.#fetch = fetch;
  }

  /** Begins to fetch what was not asked for yet. A failure shows where the values are awaited. */
  prefetch(keys: readonly Key[]): void {
    const fresh = keys.filter((key) => !this.#asked.has(key.id));
    if (fresh.length === 0) return;
    const answer = this.#fetch(fresh);
    answer.catch(() => undefined);
    for (const key of fresh) this.#asked.set(key.id, answer);
  }

  async get(keys: readonly Key[]): Promise<Map<string, Value>> {
    this.prefetch(keys);
    const found = new Map<string, Value>();
    for (const { id } of keys) {
      const value = (await this.#asked.get(id))?.get(id);
      if (value !== undefined) found.set(id, value);
    }
    return found;
  }
}
