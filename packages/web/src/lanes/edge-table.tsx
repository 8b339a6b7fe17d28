import { Hidden } from "../elements/hidden.tsx";
import { duration, many } from "../format/quantities.ts";
import { textOf } from "../trace/span-facts.ts";
import type { TimeWindow } from "../trace/trace-time.ts";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import css from "./between-lanes.module.css";
import { leftUs } from "./edges-in-view.ts";

interface EdgeTableProps {
  readonly analysed: AnalysedTrace;
  readonly window: TimeWindow;
  readonly selected: number;
  readonly onSelect: (span: number) => void;
}

const MOST_ROWS = 200;

/** What went from lane to lane within the zoom, by time. */
export function EdgeTable({ analysed, window, selected, onSelect }: EdgeTableProps) {
  const { trace, analysis } = analysed;
  const inside = analysis.edges.filter((edge) => edge.startedUs >= window.from && leftUs(edge) <= window.to);
  const left = inside.length - MOST_ROWS;
  if (inside.length === 0) {
    return (
      <p className={css.more}>
        {analysis.edges.length === 0
          ? "Nothing goes from one lane to another."
          : "Nothing goes from one lane to another within the zoom."}
      </p>
    );
  }
  const laneName = (lane: number): string => analysis.lanes.lanes[lane]?.label ?? "";
  return (
    <>
      <table className={css.table}>
        <caption>
          <Hidden>Calls, hand-offs and messages between lanes</Hidden>
        </caption>
        <thead>
          <tr>
            <th scope="col">After</th>
            <th scope="col" data-text="true">
              From
            </th>
            <th scope="col" data-text="true">
              To
            </th>
            <th scope="col" data-text="true">
              Kind
            </th>
            <th scope="col" data-text="true">
              What began
            </th>
            <th scope="col">On the way</th>
          </tr>
        </thead>
        <tbody>
          {inside.slice(0, MOST_ROWS).map((edge) => {
            const { type, fromLane, toLane, fromSpan, toSpan, queueUs } = edge;
            return (
              <tr
                key={`${fromSpan} ${toSpan} ${type}`}
                data-selected={fromSpan === selected || toSpan === selected}
              >
                <td>{duration(leftUs(edge) / 1000)}</td>
                <td data-text="true">
                  <bdi>{laneName(fromLane)}</bdi>
                </td>
                <td data-text="true">
                  <bdi>{laneName(toLane)}</bdi>
                </td>
                <td data-text="true">{type}</td>
                <th scope="row">
                  <button type="button" className={css.lane} onClick={() => onSelect(toSpan)}>
                    <bdi>{textOf(trace, "name", toSpan) || "(no name)"}</bdi>
                  </button>
                </th>
                <td>{type === "call" ? "" : duration(queueUs / 1000)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {left > 0 && <p className={css.more}>{many(left, "other")} later in the trace; zoom in to see them</p>}
    </>
  );
}
