import { compareAddress } from "../compare/compare-address.ts";
import { SideBadge } from "../compare/side-badge.tsx";
import { Button } from "../elements/button.tsx";
import { go } from "../location/place.ts";
import { useKeys } from "../location/use-keys.ts";
import { clearMarks, useMarkedTraces } from "./marked-traces.ts";
import css from "./marking.module.css";

/** What a list needs to mark traces: `x` for the row with the focus, `c` to compare, and a bar with what is marked. */
export function Marking() {
  const [a, b] = useMarkedTraces();
  const compare = (): boolean => {
    if (a === undefined) return false;
    const address = b === undefined ? { b: a.traceId } : { a: a.traceId, b: b.traceId };
    clearMarks();
    go(compareAddress(address));
    return true;
  };
  useKeys({ x: markFocused, c: compare });
  return (
    <div role="status" className={css.place}>
      {a !== undefined && (
        <div className={css.bar}>
          <span className={css.marked}>
            <SideBadge side="a" />
            <bdi>{a.name || a.traceId}</bdi>
          </span>
          {b !== undefined && (
            <span className={css.marked}>
              <SideBadge side="b" />
              <bdi>{b.name || b.traceId}</bdi>
            </span>
          )}
          <span className={css.actions}>
            <Button variant="strong" icon="compare" title="Compare (c)" onClick={compare}>
              {b === undefined ? "Compare with…" : "Compare"}
            </Button>
            <Button variant="quiet" onClick={clearMarks}>
              Clear
            </Button>
          </span>
        </div>
      )}
    </div>
  );
}

/** False where the focus is in no row that can be marked. */
function markFocused(): boolean {
  const button = document.activeElement?.closest("tr")?.querySelector<HTMLElement>("button[data-mark]");
  button?.click();
  return button !== null && button !== undefined;
}
