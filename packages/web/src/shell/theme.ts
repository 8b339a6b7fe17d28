import { preference, usePreference } from "../settings/preference.ts";

/** Also read by `public/theme.js`, before the first paint. */
export const THEME = preference("theme", ["system", "light", "dark"]);

export type Theme = (typeof THEME)["value"];

const ORDER: readonly Theme[] = ["system", "light", "dark"];

function apply(): void {
  if (THEME.value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = THEME.value;
}

THEME.subscribe(apply);

/** Goes on to the one after. */
export function nextTheme(): void {
  THEME.choose(ORDER[(ORDER.indexOf(THEME.value) + 1) % ORDER.length] ?? "system");
}

/** The chosen theme. */
export function useTheme(): Theme {
  return usePreference(THEME)[0];
}
