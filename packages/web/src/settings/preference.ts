import { useSyncExternalStore } from "react";

/** A choice of whoever looks at the page, kept in this browser and told to its other tabs. */
export interface Preference<Value extends string> {
  readonly value: Value;
  choose(value: Value): void;
  /** Calls back after each change, until the function returned is called. */
  subscribe(listener: () => void): () => void;
}

/** Choices under `clew.NAME`; the first one holds until somebody chooses, and is not written down. */
export function preference<const Value extends string>(
  name: string,
  values: readonly [Value, ...Value[]],
): Preference<Value> {
  const key = `clew.${name}`;
  const listeners = new Set<() => void>();
  let value = read();
  function read(): Value {
    try {
      const text = localStorage.getItem(key);
      return values.find((one) => one === text) ?? values[0];
    } catch {
      return values[0];
    }
  }
  const hold = (next: Value): void => {
    if (next === value) return;
    value = next;
    for (const listener of listeners) listener();
  };
  addEventListener("storage", (event) => {
    // Without a key everything was removed.
    if (event.key === key || event.key === null) hold(read());
  });
  return {
    get value() {
      return value;
    },
    choose(next) {
      try {
        if (next === values[0]) localStorage.removeItem(key);
        else localStorage.setItem(key, next);
      } catch {
        // Storage is off: it holds until the page is left.
      }
      hold(next);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function usePreference<Value extends string>(
  chosen: Preference<Value>,
): readonly [Value, (value: Value) => void] {
  return [useSyncExternalStore(chosen.subscribe, () => chosen.value), chosen.choose];
}
