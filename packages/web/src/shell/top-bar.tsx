import { lazy, Suspense, useEffect, useState } from "react";
import { IconButton } from "../elements/button.tsx";
import { Icon, type IconName } from "../elements/icon.tsx";
import { go, usePlace } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { KeysDialog } from "./keys-dialog.tsx";
import { idAt } from "./omnibox/known-id.ts";
import { rememberId } from "./omnibox/recent-ids.ts";
import { PageDrawer } from "./page-drawer.tsx";
import { ALL_PAGES } from "./pages.ts";
import { PulseMark } from "./pulse-mark.tsx";
import { ShareButton } from "./share-button.tsx";
import { nextTheme, type Theme, useTheme } from "./theme.ts";
import css from "./top-bar.module.css";
import { useGoKeys } from "./use-go-keys.ts";
import type { Pulse } from "./use-pulse.ts";

const loadOmnibox = async () => ({ default: (await import("./omnibox/omnibox.tsx")).Omnibox });
const Omnibox = lazy(loadOmnibox);

const THEME_ICONS: Readonly<Record<Theme, IconName>> = { system: "system", light: "sun", dark: "moon" };
const MOD = /mac|iphone|ipad/i.test(navigator.platform) ? "⌘" : "Ctrl ";

/** What leads to a page after `g`. */
const GO_KEYS: Readonly<Record<string, string>> = Object.fromEntries(
  ALL_PAGES.flatMap(({ goKey, href }) => (goKey === undefined ? [] : [[goKey, href]])),
);

type Shown = { readonly is: "keys" | "pages" } | { readonly is: "omnibox"; readonly typed: string };

export function TopBar({ pulse }: { readonly pulse: Pulse }) {
  const { path } = usePlace();
  const theme = useTheme();
  const [shown, setShown] = useState<Shown>();
  const ask = (typed: string): void => setShown({ is: "omnibox", typed });
  const showKeys = (): void => setShown({ is: "keys" });
  useGoKeys(GO_KEYS);
  useKeys({ "?": showKeys, D: nextTheme, t: () => go("/traces"), "mod+k": () => ask("") });
  useKeys({ "/": () => ask(""), ">": () => ask(">") }, { isLast: true });
  useEffect(() => {
    const looked = idAt(path);
    if (looked !== undefined) rememberId(looked);
  }, [path]);
  const close = (): void => setShown(undefined);
  return (
    <header className={css.bar}>
      <IconButton
        icon="menu"
        label="All pages"
        className={css.menu}
        onClick={() => setShown({ is: "pages" })}
      />
      <button
        type="button"
        className={css.ask}
        aria-keyshortcuts="Control+K Meta+K"
        onPointerEnter={() => void loadOmnibox()}
        onFocus={() => void loadOmnibox()}
        onClick={() => ask("")}
      >
        <Icon name="search" />
        <span>Search or jump to …</span>
        <small aria-hidden="true">{MOD}K</small>
      </button>
      <span className={css.end}>
        <PulseMark pulse={pulse} />
        <ShareButton />
        <IconButton icon={THEME_ICONS[theme]} label={`Theme: ${theme}`} onClick={nextTheme} />
        <button
          type="button"
          className={css.help}
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={showKeys}
        >
          ?
        </button>
      </span>
      {shown?.is === "keys" && <KeysDialog onClose={close} />}
      {shown?.is === "pages" && <PageDrawer onClose={close} />}
      {shown?.is === "omnibox" && (
        <Suspense>
          <Omnibox typed={shown.typed} onClose={close} showKeys={showKeys} />
        </Suspense>
      )}
    </header>
  );
}
