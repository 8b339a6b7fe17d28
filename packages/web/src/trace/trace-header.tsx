import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import type { ReactNode } from "react";
import type { FollowState } from "../api/follow.ts";
import { CompareLink } from "../compare/compare-link.tsx";
import { IconButton } from "../elements/button.tsx";
import { CopyButton } from "../elements/copy-button.tsx";
import { Icon } from "../elements/icon.tsx";
import { StatusMark } from "../elements/status-mark.tsx";
import { fullMoment, moment } from "../format/moments.ts";
import { cost, count, duration, exact, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { Ids } from "../traces/ids.tsx";
import { lastList } from "../traces/last-list.ts";
import { tracesWith } from "../traces/trace-filter.ts";
import { mainSpan, textOf } from "./span-facts.ts";
import css from "./trace-header.module.css";
import type { TraceOrder } from "./trace-order.ts";
import type { TraceTotals } from "./trace-sums.ts";
import type { TimeWindow } from "./trace-time.ts";

interface TraceHeaderProps {
  readonly trace: TraceColumns;
  readonly totals: TraceTotals;
  readonly whole: TimeWindow;
  readonly follow: FollowState;
  readonly order: TraceOrder;
  readonly onTrace: (id: string) => void;
}

const MOST_NAMES = 6;

/** What the trace is about: name, outcome, sums, who took part and what it belongs to. */
export function TraceHeader({ trace, totals, whole, follow, order, onTrace }: TraceHeaderProps) {
  const main = mainSpan(trace);
  const status =
    totals.errors > 0 ? "error" : totals.running > 0 ? "running" : trace.status[main] === 1 ? "ok" : "unset";
  const tokens = totals.inputTokens + totals.outputTokens;
  const agents = trace.dict.agent.slice(1);
  const services = trace.dict.service.slice(1).filter((service) => service !== "");
  return (
    <header className={css.header}>
      <div className={css.title}>
        <Link
          href={lastList()}
          className={css.back}
          aria-label="Back to the traces"
          title="Back to the traces (Esc)"
        >
          <Icon name="chevron" />
        </Link>
        <StatusMark status={status} />
        <h1>{textOf(trace, "name", main) || "Trace"}</h1>
        {totals.rootMissing && <span className={css.note}>no root span yet</span>}
        {totals.running > 0 && follow === "open" && <span className={css.live}>following</span>}
        {order.at >= 0 && order.count > 1 && (
          <span className={css.order}>
            <IconButton
              icon="up"
              label="Previous trace of the list (K)"
              disabled={order.previous === undefined}
              onClick={() => order.previous !== undefined && onTrace(order.previous)}
            />
            <span>
              {exact(order.at + 1)} of {exact(order.count)}
            </span>
            <IconButton
              icon="down"
              label="Next trace of the list (J)"
              disabled={order.next === undefined}
              onClick={() => order.next !== undefined && onTrace(order.next)}
            />
          </span>
        )}
        <span className={css.id}>
          <CompareLink traceId={trace.traceId} />
          <code>{trace.traceId}</code>
          <CopyButton label="Copy id" text={() => trace.traceId} />
        </span>
      </div>
      <dl className={css.facts}>
        <Fact name="Duration">
          {duration(totals.running > 0 ? whole.to / 1000 : trace.durMs)}
          {totals.running > 0 && <small> so far</small>}
        </Fact>
        <Fact name="Spans">
          {exact(trace.truncated?.total ?? trace.n)}
          {totals.running > 0 && <small> {exact(totals.running)} running</small>}
        </Fact>
        {totals.errors > 0 && (
          <Fact name="Errors">
            <span className={css.errors}>{exact(totals.errors)}</span>
          </Fact>
        )}
        {tokens > 0 && (
          <Fact
            name="Tokens"
            title={`${exact(totals.inputTokens)} in, ${exact(totals.outputTokens)} out, ${exact(totals.cacheReadTokens)} of the input from a cache`}
          >
            {count(tokens)}
            <small>
              {" "}
              {count(totals.inputTokens)} in, {count(totals.outputTokens)} out
            </small>
          </Fact>
        )}
        {totals.costMicro > 0 && <Fact name="Cost">{cost(totals.costMicro / 1e6)}</Fact>}
        <Fact name="Started" title={fullMoment(trace.t0Ms)}>
          <time dateTime={new Date(trace.t0Ms).toISOString()}>{moment(trace.t0Ms, Date.now())}</time>
        </Fact>
        {agents.length > 0 && (
          <Fact name={agents.length === 1 ? "Agent" : "Agents"}>
            <Names names={agents} field="agent" />
          </Fact>
        )}
        {services.length > 0 && (
          <Fact name={services.length === 1 ? "Service" : "Services"}>
            <Names names={services} field="service" />
          </Fact>
        )}
      </dl>
      <div className={css.ids}>
        <Ids ids={trace.ctx} />
        {trace.ctx.linkedTraces.slice(0, MOST_NAMES).map((id) => (
          <Link key={id} href={`/traces/${id}`} className={css.linked}>
            <Icon name="link" /> linked trace {id.slice(0, 8)}
          </Link>
        ))}
      </div>
      {trace.truncated && (
        <p className={css.truncated}>
          The trace has {many(trace.truncated.total, "span")}; the earliest {exact(trace.truncated.shown)} are
          shown.
        </p>
      )}
    </header>
  );
}

function Fact({
  name,
  title,
  children,
}: {
  readonly name: string;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Names({ names, field }: { readonly names: readonly string[]; readonly field: "agent" | "service" }) {
  return (
    <span className={css.names}>
      {names.slice(0, MOST_NAMES).map((name) => (
        <Link key={name} href={tracesWith(field, name)} title={`Traces with ${field} ${name}`}>
          {name}
        </Link>
      ))}
      {names.length > MOST_NAMES && <small>and {names.length - MOST_NAMES} more</small>}
    </span>
  );
}
