import { copyText } from "../../elements/copy-button.tsx";
import type { IconName } from "../../elements/icon.tsx";
import { go } from "../../location/place.ts";
import { LETTER_KEYS, THEME, TIME_ZONE } from "../../settings/preferences.ts";
import { ALL_PAGES } from "../pages.ts";
import { toggleSideBar } from "../side-bar-width.ts";
import { forgetIds } from "./recent-ids.ts";

/** Something that the omnibox can do. */
export interface Command {
  readonly id: string;
  readonly label: string;
  /** Further words by which it is found. */
  readonly also: string;
  readonly icon: IconName;
  /** Keys that do the same. */
  readonly keys?: string;
  readonly run: () => void;
}

/** All commands as things stand now. */
export function commands(showKeys: () => void): readonly Command[] {
  const isLocal = TIME_ZONE.value === "local";
  const hasLetters = LETTER_KEYS.value === "on";
  return [
    ...ALL_PAGES.map(
      ({ href, label, icon, goKey }): Command => ({
        ...{ id: `page ${href}`, label: `Go to ${label}`, also: "page open", icon },
        ...(goKey !== undefined && { keys: `g ${goKey}` }),
        run: () => go(href),
      }),
    ),
    {
      id: "newest",
      label: "Open the newest trace",
      also: "last latest",
      icon: "traces",
      run: () => go("/traces/last"),
    },
    {
      ...{ id: "errors", label: "Show traces with errors", also: "failed failing", icon: "error" },
      run: () => go("/traces?status=error"),
    },
    {
      ...{ id: "link", label: "Copy a link to this page", also: "share url address", icon: "link" },
      run: () => void copyText(location.href),
    },
    ...(["system", "light", "dark"] as const).map(
      (theme): Command => ({
        ...{ id: `theme ${theme}`, label: `Theme: ${theme}`, also: "colours appearance mode" },
        ...{ icon: ({ system: "system", light: "sun", dark: "moon" } as const)[theme], keys: "Shift D" },
        run: () => THEME.choose(theme),
      }),
    ),
    {
      ...{ id: "zone", label: isLocal ? "Show times in UTC" : "Show times in local time", also: "time zone" },
      icon: "settings",
      run: () => TIME_ZONE.choose(isLocal ? "utc" : "local"),
    },
    {
      ...{
        id: "side",
        label: "Side bar: wide or narrow",
        also: "navigation toggle",
        icon: "side",
        keys: "b",
      },
      run: toggleSideBar,
    },
    {
      ...{
        id: "letters",
        label: `Turn single-letter keys ${hasLetters ? "off" : "on"}`,
        also: "shortcuts keyboard",
      },
      icon: "settings",
      run: () => LETTER_KEYS.choose(hasLetters ? "off" : "on"),
    },
    {
      id: "keys",
      label: "Show keyboard shortcuts",
      also: "help",
      icon: "settings",
      keys: "?",
      run: showKeys,
    },
    {
      ...{
        id: "forget",
        label: "Forget what was looked at last",
        also: "recent clear history",
        icon: "close",
      },
      run: forgetIds,
    },
  ];
}

/** Whether every word that was typed begins a word of the command. */
export function fits({ label, also }: Pick<Command, "label" | "also">, typed: string): boolean {
  const words = `${label} ${also}`.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((start) => words.some((word) => word.startsWith(start)));
}
