import type { TraceItem } from "@clew/protocol/api/trace-item";
import { Fragment, memo, type ReactNode } from "react";
import { StatusMark, statusOf } from "../elements/status-mark.tsx";
import { ago, fullMoment, moment } from "../format/moments.ts";
import { cost, count, duration, exact, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { Ids } from "./ids.tsx";
import { MarkButton } from "./mark-button.tsx";
import { Marking } from "./marking.tsx";
import css from "./trace-table.module.css";

interface TraceTableProps<Item extends TraceItem> {
  readonly items: readonly Item[];
  readonly nowMs: number;
  /** A further row for each trace. */
  readonly below?: (item: Item) => ReactNode;
}

/** A line for each trace; the bars compare how long they took. */
export function TraceTable<Item extends TraceItem>({ items, nowMs, below }: TraceTableProps<Item>) {
  const longestMs = Math.max(...items.map(({ durMs }) => durMs));
  return (
    <>
      <table aria-label="Traces" className={css.table}>
        <thead>
          <tr className={css.head}>
            <th scope="col">Trace</th>
            <th scope="col">Belongs to</th>
            <th scope="col" className={css.number}>
              Spans
            </th>
            <th scope="col" className={css.number}>
              Calls
            </th>
            <th scope="col" className={css.number}>
              Tokens
            </th>
            <th scope="col" className={css.number}>
              Cost
            </th>
            <th scope="col">Duration</th>
            <th scope="col" className={css.number}>
              Started
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Fragment key={item.traceId}>
              <TraceRow item={item} share={longestMs > 0 ? item.durMs / longestMs : 0} nowMs={nowMs} />
              {below?.(item)}
            </Fragment>
          ))}
        </tbody>
      </table>
      <Marking />
    </>
  );
}

const TraceRow = memo(
  ({ item, share, nowMs }: { readonly item: TraceItem; readonly share: number; readonly nowMs: number }) => {
    const status = statusOf(item);
    const tokens = item.tokens.input + item.tokens.output;
    return (
      <tr className={css.row}>
        <td className={css.what}>
          <MarkButton traceId={item.traceId} name={item.rootName} />
          <StatusMark status={status} />
          <div>
            <Link href={`/traces/${item.traceId}`} data-row className={css.name}>
              {item.rootName || item.traceId}
            </Link>
            {item.rootMissing && !item.isRunning && (
              <span className={css.note} title="It has not arrived; it may still be running">
                no root yet
              </span>
            )}
            <p className={css.who}>{actors(item)}</p>
            {item.error && <ErrorLine item={item} />}
          </div>
        </td>
        <td className={css.ids}>
          <Ids ids={item} />
        </td>
        <td className={css.number} data-label="spans">
          {item.spanCount > 0 && exact(item.spanCount)}
        </td>
        <td
          className={css.number}
          title={`${many(item.llmCalls, "model call")}, ${many(item.toolCalls, "tool call")}`}
        >
          {item.llmCalls + item.toolCalls > 0 && (
            <>
              {exact(item.llmCalls)}
              <small> llm</small> {exact(item.toolCalls)}
              <small> tool</small>
            </>
          )}
        </td>
        <td
          className={css.number}
          title={tokens > 0 ? `${exact(item.tokens.input)} in, ${exact(item.tokens.output)} out` : undefined}
        >
          {tokens > 0 && (
            <>
              {count(tokens)}
              <small className={css.narrow}> tokens</small>
            </>
          )}
        </td>
        <td className={css.number}>{cost(item.costUsd)}</td>
        <td className={css.time}>
          <span>{item.isRunning ? "running" : duration(item.durMs)}</span>
          <span className={css.track}>
            <span
              className={css.bar}
              data-status={status}
              style={{ width: `${Math.max(1, share * 100)}%` }}
            />
          </span>
        </td>
        <td className={css.number}>
          <time dateTime={new Date(item.startMs).toISOString()} title={fullMoment(item.startMs)}>
            {moment(item.startMs, nowMs)}
          </time>
          <small className={css.ago}>{ago(item.startMs, nowMs)}</small>
        </td>
      </tr>
    );
  },
);

/** Who took part: agents where there are some, else services. */
function actors(item: TraceItem): string {
  const names = item.agents.length > 0 ? item.agents : item.services;
  const shown = names.slice(0, 4).join(", ");
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown;
}

function ErrorLine({ item }: { readonly item: TraceItem }) {
  const { error } = item;
  if (error === undefined) return null;
  const what = [error.type, error.message].filter((text) => text !== "").join(": ");
  const where = error.agent || error.service;
  return (
    <p className={css.error}>
      {where && <strong>{where} </strong>}
      {what || "failed without saying why"}
    </p>
  );
}
