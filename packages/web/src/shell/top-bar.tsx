import { useState } from "react";
import { IconButton } from "../elements/button.tsx";
import type { IconName } from "../elements/icon.tsx";
import { go } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { KeysDialog } from "./keys-dialog.tsx";
import { PageDrawer } from "./page-drawer.tsx";
import { ALL_PAGES } from "./pages.ts";
import { nextTheme, type Theme, useTheme } from "./theme.ts";
import css from "./top-bar.module.css";
import { useGoKeys } from "./use-go-keys.ts";

const THEME_ICONS: Readonly<Record<Theme, IconName>> = { system: "system", light: "sun", dark: "moon" };

/** What leads to a page after `g`. */
const GO_KEYS: Readonly<Record<string, string>> = Object.fromEntries(
  ALL_PAGES.flatMap(({ goKey, href }) => (goKey === undefined ? [] : [[goKey, href]])),
);

export function TopBar() {
  const theme = useTheme();
  const [shows, setShows] = useState<"keys" | "pages">();
  useKeys({
    "?": () => setShows("keys"),
    D: nextTheme,
    t: () => go("/traces"),
  });
  useGoKeys(GO_KEYS);
  const close = (): void => setShows(undefined);
  return (
    <header className={css.bar}>
      <IconButton icon="menu" label="All pages" className={css.menu} onClick={() => setShows("pages")} />
      <span className={css.end}>
        <IconButton icon={THEME_ICONS[theme]} label={`Theme: ${theme}`} onClick={nextTheme} />
        <button
          type="button"
          className={css.help}
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={() => setShows("keys")}
        >
          ?
        </button>
      </span>
      {shows === "keys" && <KeysDialog onClose={close} />}
      {shows === "pages" && <PageDrawer onClose={close} />}
    </header>
  );
}
