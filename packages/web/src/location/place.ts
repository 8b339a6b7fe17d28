import { useSyncExternalStore } from "react";

/** Where the page is: everything that decides what it shows. */
export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

const listeners = new Set<() => void>();
let href = location.href;
let place = read();

function read(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

function changed(): void {
  if (location.href === href) return;
  href = location.href;
  place = read();
  for (const listener of listeners) listener();
}

addEventListener("popstate", changed);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The place as it is and as it changes; the same object until it does. */
export function usePlace(): Place {
  return useSyncExternalStore(subscribe, () => place);
}

/** Goes to another place; `replace` leaves no step for the back button. */
export function go(url: string, options: { readonly replace?: boolean } = {}): void {
  const target = new URL(url, location.href).href;
  if (target === location.href) return;
  const isOtherPath = new URL(target).pathname !== location.pathname;
  history[options.replace ? "replaceState" : "pushState"](null, "", target);
  changed();
  if (isOtherPath && !options.replace) scrollTo(0, 0);
}

/** The place's address with these parameters set; `undefined` and empty text remove one. */
export function withQuery(place: Place, changes: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams(place.query);
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined || value === "") query.delete(key);
    else query.set(key, value);
  }
  const text = query.toString();
  return place.path + (text === "" ? "" : `?${text}`);
}
