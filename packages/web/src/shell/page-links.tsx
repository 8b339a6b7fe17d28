import { useId } from "react";
import { Icon } from "../elements/icon.tsx";
import { Link } from "../location/link.tsx";
import css from "./page-links.module.css";
import { LOWER_PAGES, PAGE_GROUPS, type PageEntry } from "./pages.ts";

interface PageLinksProps {
  readonly path: string;
  /** Only the icons are seen; the words are read out and shown on hover. */
  readonly isNarrow?: boolean;
  readonly onFollow?: () => void;
}

/** The links to all pages, by group, for within a `nav`. */
export function PageLinks({ path, isNarrow = false, onFollow }: PageLinksProps) {
  const id = useId();
  const list = (pages: readonly PageEntry[], labelledBy?: string) => (
    <ul aria-labelledby={labelledBy}>
      {pages.map(({ href, label, icon, is }) => (
        <li key={href}>
          <Link
            href={href}
            aria-current={is.test(path) ? "page" : undefined}
            title={isNarrow ? label : undefined}
            {...(onFollow && { onClick: onFollow })}
          >
            <Icon name={icon} />
            <span className={css.label}>{label}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
  return (
    <div className={css.pages} data-narrow={isNarrow}>
      {PAGE_GROUPS.map(({ name, pages }) => (
        <div key={name} className={css.group}>
          <span id={`${id}-${name}`} className={css.name}>
            {name}
          </span>
          {list(pages, `${id}-${name}`)}
        </div>
      ))}
      <div className={css.lower}>{list(LOWER_PAGES)}</div>
    </div>
  );
}
