import list from "../traces/list-states.module.css";
import css from "./group-skeleton.module.css";

const ROWS = [1, 2, 3, 4, 5, 6, 7, 8];

/** Where the rows will be, or a whole page; it appears only when they take a moment. */
export function GroupSkeleton({ ofPage = false }: { readonly ofPage?: boolean }) {
  return (
    <div className={`${list.skeleton} ${ofPage ? css.page : ""}`} role="status" aria-label="Loading">
      {ROWS.map((row) => (
        <div key={row} />
      ))}
    </div>
  );
}
