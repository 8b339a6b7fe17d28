import css from "../traces/list-states.module.css";

const ROWS = [1, 2, 3, 4, 5, 6, 7, 8];

/** Where the rows will be; it appears only when they take a moment. */
export function GroupSkeleton() {
  return (
    <div className={css.skeleton} role="status" aria-label="Loading">
      {ROWS.map((row) => (
        <div key={row} />
      ))}
    </div>
  );
}
