import { duration, many } from "../format/quantities.ts";
import { textOf } from "../trace/span-facts.ts";
import type { TimeWindow } from "../trace/trace-time.ts";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import css from "./between-lanes.module.css";

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
  const inside = analysis.edges.filter(
    ({ sentUs, startedUs }) => startedUs >= window.from && sentUs <= window.to,
  );
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
        <caption className={css.hidden}>Calls, hand-offs and messages between lanes</caption>
        <thead>
          <tr>
            <th scope="col">After</th>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Kind</th>
            <th scope="col">What began</th>
            <th scope="col">On the way</th>
          </tr>
        </thead>
        <tbody>
          {inside.slice(0, MOST_ROWS).map(({ type, fromLane, toLane, fromSpan, toSpan, sentUs, queueUs }) => (
            <tr
              key={`${fromSpan} ${toSpan} ${type}`}
              data-selected={fromSpan === selected || toSpan === selected}
            >
              <td>{duration(sentUs / 1000)}</td>
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
              <td>{duration(queueUs / 1000)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && <p className={css.more}>{many(left, "other")} later in the trace; zoom in to see them</p>}
    </>
  );
}
