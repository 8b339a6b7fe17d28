import css from "./compare-skeleton.module.css";

/** Where the comparison will be. */
export function CompareSkeleton({ hasFailed = false }: { readonly hasFailed?: boolean }) {
  if (hasFailed) {
    return (
      <p className={css.failed} role="alert">
        These two could not be compared. Each of them can still be opened from the list of traces.
      </p>
    );
  }
  return (
    <div className={css.waiting} role="status" aria-label="Comparing">
      <div />
      <div />
      <div />
      <div />
    </div>
  );
}
