import { preference } from "./preference.ts";

/** Also read by `public/theme.js`, before the first paint. */
export const THEME = preference("theme", ["system", "light", "dark"]);

/** `off`: keys without ctrl, alt or meta do nothing outside of lists and fields that have the focus. */
export const LETTER_KEYS = preference("letter-keys", ["on", "off"]);

/** In which zone times are shown. */
export const TIME_ZONE = preference("time-zone", ["local", "utc"]);

/** How high the rows of lists are. */
export const DENSITY = preference("density", ["comfortable", "compact"]);

/** `auto`: with words where there is room for them. */
export const SIDE_BAR = preference("side-bar", ["auto", "wide", "narrow"]);

/** `auto`: beside lists where there is room for them. */
export const FACETS_SHOWN = preference("facets", ["auto", "shown", "hidden"]);
