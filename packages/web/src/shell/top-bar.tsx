import { useState } from "react";
import { IconButton } from "../elements/button.tsx";
import { Icon, type IconName } from "../elements/icon.tsx";
import { Link } from "../location/link.tsx";
import { go, usePlace } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { KeysDialog } from "./keys-dialog.tsx";
import { type Theme, useTheme } from "./theme.ts";
import css from "./top-bar.module.css";
import { useGoKeys } from "./use-go-keys.ts";

const PAGES: readonly {
  readonly href: string;
  readonly label: string;
  readonly icon: IconName;
  readonly is: RegExp;
}[] = [
  { href: "/traces", label: "Traces", icon: "traces", is: /^\/($|traces|t\/)/ },
  { href: "/sessions", label: "Sessions", icon: "prompt", is: /^\/sessions(\/|$)/ },
  { href: "/tasks", label: "Tasks", icon: "evaluator", is: /^\/tasks(\/|$)/ },
  { href: "/map", label: "Map", icon: "map", is: /^\/map$/ },
  { href: "/welcome", label: "Send data", icon: "send", is: /^\/welcome$/ },
];

/** What leads to a page after `g`. */
const GO_KEYS: Readonly<Record<string, string>> = { t: "/traces", s: "/sessions", k: "/tasks", m: "/map" };

const THEME_ICONS: Readonly<Record<Theme, IconName>> = { system: "system", light: "sun", dark: "moon" };

export function TopBar() {
  const { path } = usePlace();
  const [theme, nextTheme] = useTheme();
  const [showsKeys, setShowsKeys] = useState(false);
  useKeys({
    "?": () => setShowsKeys(true),
    D: nextTheme,
    t: () => go("/traces"),
  });
  useGoKeys(GO_KEYS);
  return (
    <header className={css.bar}>
      <Link href="/traces" className={css.brand}>
        <img src="/icon.svg" alt="" width="22" height="22" />
        <span>Clew</span>
      </Link>
      <nav aria-label="Pages" className={css.pages}>
        {PAGES.map(({ href, label, icon, is }) => (
          <Link key={href} href={href} aria-current={is.test(path) ? "page" : undefined}>
            <Icon name={icon} />
            {label}
          </Link>
        ))}
      </nav>
      <span className={css.end}>
        <IconButton icon={THEME_ICONS[theme]} label={`Theme: ${theme}`} onClick={nextTheme} />
        <button
          type="button"
          className={css.help}
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={() => setShowsKeys(true)}
        >
          ?
        </button>
      </span>
      {showsKeys && <KeysDialog onClose={() => setShowsKeys(false)} />}
    </header>
  );
}
