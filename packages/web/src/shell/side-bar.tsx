import { useSyncExternalStore } from "react";
import { IconButton } from "../elements/button.tsx";
import { Link } from "../location/link.tsx";
import { usePlace } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { usePreference } from "../settings/preference.ts";
import { SIDE_BAR } from "../settings/preferences.ts";
import { PageLinks } from "./page-links.tsx";
import css from "./side-bar.module.css";

/** Narrower windows have no width to spare for words. */
const ROOMY = matchMedia("(min-width: 1440px)");

/** The pages at the left; small windows have the drawer in its place. */
export function SideBar() {
  const { path } = usePlace();
  const isRoomy = useSyncExternalStore(onRoom, () => ROOMY.matches);
  const [chosen, choose] = usePreference(SIDE_BAR);
  const isWide = chosen === "auto" ? isRoomy : chosen === "wide";
  const toggle = (): void => choose(isWide ? "narrow" : "wide");
  useKeys({ b: toggle });
  return (
    <div className={css.bar} data-narrow={!isWide}>
      <Link href="/traces" className={css.brand} aria-label="Clew, newest traces">
        <img src="/icon.svg" alt="" width="22" height="22" />
        {isWide && <span>Clew</span>}
      </Link>
      <PageLinks path={path} isNarrow={!isWide} />
      <div className={css.foot}>
        <IconButton
          icon="side"
          label={isWide ? "Narrow side bar (b)" : "Wide side bar (b)"}
          aria-expanded={isWide}
          onClick={toggle}
        />
      </div>
    </div>
  );
}

function onRoom(listener: () => void): () => void {
  ROOMY.addEventListener("change", listener);
  return () => ROOMY.removeEventListener("change", listener);
}
