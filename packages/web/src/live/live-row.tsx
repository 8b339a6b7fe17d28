import type { TraceItem } from "@clew/protocol/api/trace-item";
import { memo } from "react";
import { StatusMark, statusOf } from "../elements/status-mark.tsx";
import { fullMoment, moment } from "../format/moments.ts";
import { cost, count, duration, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import css from "./live-row.module.css";

interface LiveRowProps {
  readonly item: TraceItem;
  readonly isActive: boolean;
}

/** One trace on one line, or two where the window is small. */
export const LiveRow = memo(({ item, isActive }: LiveRowProps) => {
  const { traceId, rootName, startMs, durMs, spanCount, tokens, costUsd, error, isRunning } = item;
  const actors = item.agents.length > 0 ? item.agents : item.services;
  const tokenCount = tokens.input + tokens.output;
  return (
    <Link
      href={`/traces/${traceId}`}
      className={css.row}
      data-trace={traceId}
      data-status={statusOf(item)}
      tabIndex={isActive ? 0 : -1}
    >
      <StatusMark status={statusOf(item)} />
      <time dateTime={new Date(startMs).toISOString()} title={fullMoment(startMs)}>
        {moment(startMs, startMs)}
      </time>
      <span className={css.what}>
        <strong>{rootName || traceId}</strong>
        <span className={css.who}>{actors.slice(0, 5).join(", ")}</span>
        {error && (
          <span className={css.error}>
            {[error.agent || error.service, error.type, error.message]
              .filter((text) => text !== "")
              .join(": ")}
          </span>
        )}
      </span>
      <span className={css.figures}>
        <span>{isRunning ? "running" : duration(durMs)}</span>
        <span>{spanCount > 0 && many(spanCount, "span")}</span>
        <span>{tokenCount > 0 && `${count(tokenCount)} tokens`}</span>
        <span>{cost(costUsd)}</span>
      </span>
    </Link>
  );
});
