import { Hidden } from "../elements/hidden.tsx";
import css from "./difference-cell.module.css";
import { signed } from "./signed.ts";

interface DifferenceCellProps {
  readonly what: string;
  /** What B has more than A; negative for less. */
  readonly value: number;
  /** What fills half of the cell. */
  readonly most: number;
  readonly text: (size: number) => string;
}

/** Smaller parts of the largest difference have no bar to see. */
const LEAST_SHARE = 0.004;

/** A difference as a number and as a bar that leans to the trace that has more: left to A, right to B. */
export function DifferenceCell({ what, value, most, text }: DifferenceCellProps) {
  const said = signed(value, text);
  const share = Math.min(1, Math.abs(value) / most);
  return (
    <div role="gridcell" className={css.cell} data-what={what}>
      <span className={css.number}>{said}</span>
      {said !== "" && <Hidden>{what}</Hidden>}
      <span className={css.track} aria-hidden="true">
        {share >= LEAST_SHARE && (
          <span
            className={css.bar}
            data-more={value > 0 ? "b" : "a"}
            style={{ width: `${Math.max(1, share * 50)}%` }}
          />
        )}
      </span>
    </div>
  );
}
