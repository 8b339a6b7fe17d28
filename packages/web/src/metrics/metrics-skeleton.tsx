import css from "./metrics-skeleton.module.css";

const CARDS = [1, 2, 3, 4, 5, 6];

/** Where the charts will be while their code is loaded. */
export function MetricsSkeleton() {
  return (
    <div className={css.skeleton} role="status" aria-label="Loading charts">
      {CARDS.map((card) => (
        <div key={card} />
      ))}
    </div>
  );
}
