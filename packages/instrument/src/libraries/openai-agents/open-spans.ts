import type { Fields } from "../../models/value.ts";

type IdName = "spanId" | "traceId";

/** What the SDK calls everything that it does not export. */
const NO_ID = "no-op";

/**
 * What belongs to spans or traces of the SDK that are open: by their ids, for the SDK makes copies of the objects;
 * by the objects where tracing is switched off and all of them have the same id.
 */
export class OpenSpans<T> {
  readonly #byId = new Map<string, T>();
  readonly #byObject = new WeakMap<object, T>();

  get(span: Fields, idName: IdName): T | undefined {
    const id = span[idName];
    return id === NO_ID ? this.#byObject.get(span) : this.#byId.get(String(id));
  }

  set(span: Fields, idName: IdName, value: T): void {
    const id = span[idName];
    if (id === NO_ID) this.#byObject.set(span, value);
    else this.#byId.set(String(id), value);
  }

  /** Gets it and forgets it. */
  take(span: Fields, idName: IdName): T | undefined {
    const value = this.get(span, idName);
    this.#byObject.delete(span);
    this.#byId.delete(String(span[idName]));
    return value;
  }

  copy(from: Fields, to: Fields): void {
    const value = this.#byObject.get(from);
    if (value !== undefined) this.#byObject.set(to, value);
  }
}
