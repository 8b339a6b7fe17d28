import { useId, useState } from "react";
import { exact, count as inShort } from "../format/quantities.ts";
import css from "./facet-section.module.css";
import type { ShownValue } from "./shown-values.ts";

interface FacetSectionProps {
  readonly label: string;
  readonly values: readonly ShownValue[];
  /** Traces that all conditions hold for; the bars are shares of these. */
  readonly of: number;
  /** There are values beyond those here. */
  readonly hasMore: boolean;
  readonly onToggle: (value: string, isChosen: boolean) => void;
}

/** More are shown when asked for. */
const FEW = 6;

export function FacetSection({ label, values, of, hasMore, onToggle }: FacetSectionProps) {
  const heading = useId();
  const [isWhole, setIsWhole] = useState(false);
  // One more takes no more room than the button that would show it.
  const isShort = !isWhole && values.length > FEW + 1;
  const shown = isShort ? values.slice(0, FEW) : values;
  return (
    <section className={css.section} aria-labelledby={heading}>
      <h2 id={heading}>{label}</h2>
      <ul>
        {shown.map(({ value, count, isChosen }) => (
          <li key={value}>
            <label title={value}>
              <input type="checkbox" checked={isChosen} onChange={() => onToggle(value, isChosen)} />
              <span className={css.value}>{value}</span>
              {count !== undefined && (
                <span className={css.count} title={exact(count)}>
                  {inShort(count)}
                </span>
              )}
              <span
                className={css.bar}
                style={{ inlineSize: `${Math.min(100, (100 * (count ?? 0)) / Math.max(1, of))}%` }}
              />
            </label>
          </li>
        ))}
      </ul>
      {isShort && (
        <button type="button" onClick={() => setIsWhole(true)}>
          {values.length - FEW} more
        </button>
      )}
      {!isShort && hasMore && <p>And less frequent ones</p>}
    </section>
  );
}
