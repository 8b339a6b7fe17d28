import { showTimesIn } from "../format/time-zone.ts";
import { DENSITY, THEME, TIME_ZONE } from "./preferences.ts";

/** Has the whole page follow what was chosen, now and whenever it changes. */
export function applyPreferences(): void {
  const { dataset } = document.documentElement;
  const mark = (name: string, value: string, isMarked: boolean): void => {
    if (isMarked) dataset[name] = value;
    else delete dataset[name];
  };
  const theme = (): void => mark("theme", THEME.value, THEME.value !== "system");
  const density = (): void => mark("density", DENSITY.value, DENSITY.value !== "comfortable");
  const zone = (): void => showTimesIn(TIME_ZONE.value === "utc" ? "UTC" : undefined);
  for (const [preference, apply] of [
    [THEME, theme],
    [DENSITY, density],
    [TIME_ZONE, zone],
  ] as const) {
    apply();
    preference.subscribe(apply);
  }
}
