import { usePreference } from "../settings/preference.ts";
import { THEME } from "../settings/preferences.ts";

export type Theme = (typeof THEME)["value"];

const ORDER: readonly Theme[] = ["system", "light", "dark"];

/** Goes on to the one after. */
export function nextTheme(): void {
  THEME.choose(ORDER[(ORDER.indexOf(THEME.value) + 1) % ORDER.length] ?? "system");
}

/** The chosen theme. */
export function useTheme(): Theme {
  return usePreference(THEME)[0];
}
