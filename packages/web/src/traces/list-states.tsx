import type { ReactNode } from "react";
import css from "./list-states.module.css";

const SKELETON_ROWS = [1, 2, 3, 4, 5, 6, 7, 8];

/** Where the rows will be. */
export function ListSkeleton({ label = "Loading traces" }: { readonly label?: string }) {
  return (
    <div className={css.skeleton} role="status" aria-label={label}>
      {SKELETON_ROWS.map((row) => (
        <div key={row} />
      ))}
    </div>
  );
}

/** Said in place of rows, with what can be done about it. */
export function EmptyList({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className={css.empty}>
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  );
}
