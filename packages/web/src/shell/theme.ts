import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const KEY = "clew.theme";
const ORDER: readonly Theme[] = ["system", "light", "dark"];
const listeners = new Set<() => void>();

function current(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === "light" || theme === "dark" ? theme : "system";
}

function choose(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage is off: it holds until the page is left.
  }
  for (const listener of listeners) listener();
}

/** The chosen theme, and what goes on to the next one. */
export function useTheme(): readonly [Theme, () => void] {
  const theme = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
  return [theme, () => choose(ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? "system")];
}
