import { useMemo } from "react";
import { duration, exact, many } from "../format/quantities.ts";
import type { ShownTree } from "../trace/shown-tree.ts";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import { amountText, FLAME_MEASURES, type FlameMeasure } from "./flame-measures.ts";
import { hotSpots } from "./hot-spots.ts";
import css from "./hot-table.module.css";

interface HotTableProps {
  readonly analysed: AnalysedTrace;
  readonly tree: ShownTree;
  /** What it is sorted by. */
  readonly measure: FlameMeasure;
  readonly selected: number;
  readonly onMeasure: (measure: FlameMeasure) => void;
  readonly onSelect: (span: number) => void;
}

const MOST_ROWS = 100;

/** Spans by name and who ran them, the most costly first; each leads to its longest span. */
export function HotTable({ analysed, tree, measure, selected, onMeasure, onSelect }: HotTableProps) {
  const { trace, analysis } = analysed;
  const spots = useMemo(() => hotSpots(trace, tree, analysis.clock), [trace, tree, analysis]);
  const sorted = useMemo(
    () =>
      spots.toSorted(
        (a, b) => b.amounts[measure] - a.amounts[measure] || b.amounts.duration - a.amounts.duration,
      ),
    [spots, measure],
  );
  const most = Math.max(1e-9, sorted[0]?.amounts[measure] ?? 0);
  const measures = FLAME_MEASURES.filter(
    ({ name }) => name === "duration" || name === "self" || spots.some(({ amounts }) => amounts[name] > 0),
  );
  return (
    <section aria-label="Where it went" className={css.hot} tabIndex={0}>
      <table className={css.table}>
        <caption className={css.hidden}>Spans by name, with what they took themselves</caption>
        <thead>
          <tr>
            <th scope="col">Span</th>
            <th scope="col">Spans</th>
            {measures.map(({ name, label }) => (
              <th key={name} scope="col" aria-sort={name === measure ? "descending" : "none"}>
                <button type="button" onClick={() => onMeasure(name)}>
                  {label}
                </button>
              </th>
            ))}
            <th scope="col">Longest</th>
            <th scope="col">Errors</th>
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, MOST_ROWS).map((spot) => (
            <tr key={spot.longest} data-selected={spot.longest === selected}>
              <th scope="row">
                <button type="button" onClick={() => onSelect(spot.longest)}>
                  <bdi>{spot.name}</bdi>
                </button>
                {spot.who !== "" && <small> {spot.who}</small>}
              </th>
              <td>{exact(spot.spans)}</td>
              {measures.map(({ name }) => (
                <td key={name} data-chosen={name === measure}>
                  {name === measure && (
                    <i style={{ width: `${(60 * spot.amounts[name]) / most}px` }} aria-hidden="true" />
                  )}
                  {spot.amounts[name] > 0 ? amountText(name, spot.amounts[name]) : "–"}
                </td>
              ))}
              <td>{duration(spot.longestUs / 1000)}</td>
              <td>{spot.errors > 0 ? <em>{exact(spot.errors)}</em> : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {sorted.length > MOST_ROWS && (
        <p className={css.more}>{many(sorted.length - MOST_ROWS, "more name")} not shown</p>
      )}
    </section>
  );
}
