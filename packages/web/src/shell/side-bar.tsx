import { IconButton } from "../elements/button.tsx";
import { Link } from "../location/link.tsx";
import { usePlace } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { PageLinks } from "./page-links.tsx";
import css from "./side-bar.module.css";
import { toggleSideBar, useSideBarWide } from "./side-bar-width.ts";

/** The pages at the left; small windows have the drawer in its place. */
export function SideBar() {
  const { path } = usePlace();
  const isWide = useSideBarWide();
  useKeys({ b: toggleSideBar });
  return (
    <nav aria-label="Pages" className={css.bar} data-narrow={!isWide}>
      <Link href="/traces" className={css.brand} aria-label="Clew">
        <img src="/icon.svg" alt="" width="22" height="22" />
        {isWide && <span>Clew</span>}
      </Link>
      <PageLinks path={path} isNarrow={!isWide} />
      <div className={css.foot}>
        <IconButton
          icon="side"
          label={isWide ? "Narrow side bar (b)" : "Wide side bar (b)"}
          aria-expanded={isWide}
          onClick={toggleSideBar}
        />
      </div>
    </nav>
  );
}
