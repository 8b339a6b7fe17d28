import type { TraceAnalysis } from "@clew/protocol/analysis/analysis";
import { type CSSProperties, useMemo } from "react";
import { Hidden } from "../elements/hidden.tsx";
import { duration, exact, many } from "../format/quantities.ts";
import css from "./between-lanes.module.css";
import { waitMatrix } from "./lane-times.ts";

interface WaitTableProps {
  readonly analysis: TraceAnalysis;
  readonly onSelect: (span: number) => void;
}

const MOST_ROWS = 100;
const MOST_COLUMNS = 30;

/** Lanes by what their time went into; the darker, the larger a part of the lane's time. */
export function WaitTable({ analysis, onSelect }: WaitTableProps) {
  const { columns, rows } = useMemo(() => waitMatrix(analysis), [analysis]);
  const shown = columns.slice(0, MOST_COLUMNS);
  return (
    <>
      <table className={css.table}>
        <caption>
          <Hidden>Lanes by what their time went into</Hidden>
        </caption>
        <thead>
          <tr>
            <th scope="col" data-text="true">
              Lane
            </th>
            <th scope="col">Spans</th>
            <th scope="col">Time</th>
            {shown.map(({ kind, onLane, label }) => (
              <th key={`${kind} ${onLane}`} scope="col">
                <bdi>{label}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map(({ lane, us, cells }) => {
            const { label, spans, firstSpan } = analysis.lanes.lanes[lane]!;
            return (
              <tr key={lane}>
                <th scope="row">
                  <button type="button" className={css.lane} onClick={() => onSelect(firstSpan)}>
                    <bdi>{label}</bdi>
                  </button>
                </th>
                <td>{exact(spans)}</td>
                <td>
                  <b>{duration(us / 1000)}</b>
                </td>
                {shown.map(({ kind, onLane }, at) => {
                  const share = cells[at]! / us;
                  const heat = { "--share": `${Math.round(share * 45)}%` } as CSSProperties;
                  return (
                    <td
                      key={`${kind} ${onLane}`}
                      data-kind={kind}
                      style={heat}
                      title={`${Math.round(share * 100)} %`}
                    >
                      {cells[at]! > 0 ? duration(cells[at]! / 1000) : ""}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && (
        <p className={css.more}>{many(rows.length - MOST_ROWS, "lane")} not shown</p>
      )}
      {columns.length > shown.length && (
        <p className={css.more}>{many(columns.length - shown.length, "column")} not shown</p>
      )}
    </>
  );
}
