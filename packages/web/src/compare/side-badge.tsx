import css from "./side-badge.module.css";

export type Side = "a" | "b";

/** The letter of a trace, in its colour. */
export function SideBadge({ side }: { readonly side: Side }) {
  return (
    <span className={css.badge} data-side={side}>
      {side.toUpperCase()}
    </span>
  );
}
