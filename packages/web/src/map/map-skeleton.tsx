import css from "./map-skeleton.module.css";

/** Where the map will be; it comes into sight when that takes longer than a moment. */
export function MapSkeleton() {
  return (
    <div className={css.skeleton} role="status" aria-label="Loading the map">
      <div />
      <div />
      <div />
    </div>
  );
}
