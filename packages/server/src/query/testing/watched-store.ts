import type { QueryOptions, Store } from "../../store/store.ts";

/** A store with what it was asked written down. */
export interface WatchedStore {
  readonly store: Store;
  /** Texts of the statements, in order. */
  readonly statements: string[];
  /** Values of their parameters, those of arrays one by one. */
  readonly bound: unknown[];
}

export function watched(store: Store): WatchedStore {
  const statements: string[] = [];
  const bound: unknown[] = [];
  const proxy = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof value !== "function") return value;
      return (sql: unknown, ...rest: unknown[]) => {
        if (typeof sql === "string") statements.push(sql);
        for (const option of rest) {
          const { parameters } = (option ?? {}) as QueryOptions;
          if (parameters) bound.push(...Object.values(parameters).flat());
        }
        return Reflect.apply(value, target, [sql, ...rest]) as unknown;
      };
    },
  });
  return { store: proxy, statements, bound };
}
