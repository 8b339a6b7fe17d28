import type { NativeBlock, QueryOptions, Store, StoreState } from "../../store/store.ts";
import { StoreUnavailable } from "../../store/store-errors.ts";

/** A store for those who begin before it is open: until then its calls reject with `StoreUnavailable`. */
export class LateStore implements Store {
  readonly #location: string;
  #store: Store | undefined;
  #isClosed = false;

  constructor(location: string) {
    this.#location = location;
  }

  open(store: Store): void {
    this.#store = store;
  }

  get state(): StoreState {
    if (this.#isClosed) return "closed";
    return this.#store?.state ?? "starting";
  }

  get location(): string {
    return this.#store?.location ?? this.#location;
  }

  async query<Row>(sql: string, options?: QueryOptions): Promise<Row[]> {
    return await this.#opened().query<Row>(sql, options);
  }

  async *stream<Row>(sql: string, options?: QueryOptions): AsyncGenerator<Row[], void, undefined> {
    yield* this.#opened().stream<Row>(sql, options);
  }

  async queryBytes(sql: string, format: string, options?: QueryOptions): Promise<Uint8Array> {
    return await this.#opened().queryBytes(sql, format, options);
  }

  async command(sql: string, options?: QueryOptions): Promise<void> {
    await this.#opened().command(sql, options);
  }

  async insert(block: NativeBlock): Promise<void> {
    await this.#opened().insert(block);
  }

  async close(timeoutMs?: number): Promise<void> {
    this.#isClosed = true;
    await this.#store?.close(timeoutMs);
  }

  #opened(): Store {
    if (this.#store === undefined)
      throw new StoreUnavailable("The store is still being opened; try again in a moment");
    return this.#store;
  }
}
