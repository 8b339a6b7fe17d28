import type { TraceTurn } from "@clew/protocol/api/trace-group";
import { Fragment, memo } from "react";
import { StatusMark, statusOf } from "../elements/status-mark.tsx";
import { ago, fullMoment, moment } from "../format/moments.ts";
import { cost, count, duration, exact } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { MarkButton } from "../traces/mark-button.tsx";
import type { GroupKind } from "./group-address.ts";
import { namesInShort } from "./names-in-short.ts";
import rows from "./rows.module.css";
import type { Pause } from "./timeline-layout.ts";
import css from "./turn-table.module.css";

const COLUMNS = 6;
const LONG = 100;
/** Shorter pauses are no news. */
const LEAST_PAUSE_MS = 1000;

interface TurnTableProps {
  readonly kind: GroupKind;
  readonly traces: readonly TraceTurn[];
  readonly pauses: readonly Pause[];
  readonly nowMs: number;
  readonly pointed: string | undefined;
  readonly onPoint: (traceId: string | undefined) => void;
}

/** The traces with what was asked and answered, oldest first. */
export function TurnTable({ kind, traces, pauses, nowMs, pointed, onPoint }: TurnTableProps) {
  const pauseBefore = new Map(pauses.map(({ before, ms }) => [before, ms]));
  return (
    <table
      aria-label="Traces, oldest first"
      className={`${rows.table} ${rows.turns} ${css.table}`}
      data-long={traces.length > LONG}
    >
      <thead>
        <tr className={rows.head}>
          <th scope="col">Asked and answered</th>
          <th scope="col" className={rows.wide}>
            Took part
          </th>
          <th scope="col" className={rows.number}>
            Tokens
          </th>
          <th scope="col" className={`${rows.number} ${rows.wide}`}>
            Cost
          </th>
          <th scope="col" className={rows.number}>
            Duration
          </th>
          <th scope="col" className={rows.number}>
            Started
          </th>
        </tr>
      </thead>
      <tbody>
        {traces.map((trace, at) => {
          const pauseMs = pauseBefore.get(at) ?? 0;
          return (
            <Fragment key={trace.traceId}>
              {pauseMs >= LEAST_PAUSE_MS && (
                <tr className={css.pause}>
                  <td colSpan={COLUMNS}>{duration(pauseMs)} later</td>
                </tr>
              )}
              <TurnRow
                trace={trace}
                isLinked={trace[kind]?.inherited === true}
                kind={kind}
                started={moment(trace.startMs, nowMs)}
                startedAgo={ago(trace.startMs, nowMs)}
                isPointed={trace.traceId === pointed}
                onPoint={onPoint}
              />
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

interface TurnRowProps extends Pick<TurnTableProps, "kind" | "onPoint"> {
  readonly trace: TraceTurn;
  readonly isLinked: boolean;
  readonly started: string;
  readonly startedAgo: string;
  readonly isPointed: boolean;
}

const TurnRow = memo(({ kind, trace, isLinked, started, startedAgo, isPointed, onPoint }: TurnRowProps) => {
  const tokens = trace.tokens.input + trace.tokens.output;
  const point = (): void => onPoint(trace.traceId);
  const leave = (): void => onPoint(undefined);
  return (
    <tr
      className={`${rows.row} ${css.turn}`}
      data-pointed={isPointed}
      onMouseEnter={point}
      onMouseLeave={leave}
      onFocus={point}
      onBlur={leave}
    >
      <td className={rows.what}>
        <MarkButton traceId={trace.traceId} name={trace.rootName} />
        <StatusMark status={statusOf(trace)} />
        <div>
          <Link href={`/traces/${trace.traceId}`} data-row className={rows.name}>
            {trace.rootName || trace.traceId}
          </Link>
          {isLinked && (
            <span
              className={css.note}
              title={`No span of it carries the ${kind}'s id; a trace that it is linked with does`}
            >
              linked
            </span>
          )}
          <Said who="Asked" text={trace.input} />
          <Said who="Answered" text={trace.output} />
          {trace.error && <Failed error={trace.error} />}
        </div>
      </td>
      <td className={`${rows.soft} ${rows.wide} ${css.who}`} title={trace.agents.join(", ")}>
        {namesInShort(trace.agents.length > 0 ? trace.agents : trace.services, 3)}
      </td>
      <td
        className={rows.number}
        title={tokens > 0 ? `${exact(trace.tokens.input)} in, ${exact(trace.tokens.output)} out` : undefined}
      >
        {tokens > 0 && (
          <>
            {count(tokens)}
            <small className={rows.narrow}> tokens</small>
          </>
        )}
      </td>
      <td className={`${rows.number} ${rows.wide}`}>{cost(trace.costUsd)}</td>
      <td className={rows.number}>{trace.isRunning ? "running" : duration(trace.durMs)}</td>
      <td className={`${rows.number} ${rows.last}`}>
        <time dateTime={new Date(trace.startMs).toISOString()} title={fullMoment(trace.startMs)}>
          {started}
        </time>
        <small className={rows.ago}>{startedAgo}</small>
      </td>
    </tr>
  );
});

/** A text that was cut ends in `…`. */
function Said({ who, text }: { readonly who: string; readonly text: string }) {
  if (text === "") return null;
  return (
    <p className={css.said} title={text.endsWith("…") ? "Shortened; the trace has all of it" : undefined}>
      <span>{who}</span> <bdi>{text}</bdi>
    </p>
  );
}

function Failed({ error }: { readonly error: NonNullable<TraceTurn["error"]> }) {
  const what = [error.type, error.message].filter((text) => text !== "").join(": ");
  return (
    <p className={css.error}>
      <span>Failed</span>{" "}
      <bdi>
        {(error.agent || error.service) && <strong>{error.agent || error.service} </strong>}
        {what || "without saying why"}
      </bdi>
    </p>
  );
}
