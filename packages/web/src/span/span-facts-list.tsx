import type { SpanDetail } from "@clew/protocol/api/span-detail";
import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import type { ReactNode } from "react";
import { fullMoment } from "../format/moments.ts";
import { cost, duration, exact } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { isRunning } from "../trace/trace-time.ts";
import { tracesWith } from "../traces/trace-filter.ts";
import css from "./span-facts-list.module.css";

const KINDS = ["", "internal", "server", "client", "producer", "consumer"];

/** What can be said of the span in a word each. */
export function SpanFacts({
  trace,
  span,
  detail,
}: {
  readonly trace: TraceColumns;
  readonly span: number;
  readonly detail: SpanDetail;
}) {
  const { meaning } = detail;
  const start = trace.start[span] ?? 0;
  const tokens = [
    meaning.inputTokens > 0 && `${exact(meaning.inputTokens)} in`,
    meaning.outputTokens > 0 && `${exact(meaning.outputTokens)} out`,
    meaning.cacheReadTokens > 0 && `${exact(meaning.cacheReadTokens)} from cache`,
    meaning.cacheWriteTokens > 0 && `${exact(meaning.cacheWriteTokens)} to cache`,
    meaning.reasoningTokens > 0 && `${exact(meaning.reasoningTokens)} reasoning`,
  ].filter(Boolean);
  const facts: readonly (readonly [string, ReactNode])[] = [
    ["Duration", isRunning(trace, span) ? "running" : duration(detail.durMs)],
    [
      "Starts after",
      <span key="start" title={fullMoment(detail.startMs)}>
        {duration(start / 1000)}
      </span>,
    ],
    [
      "Agent",
      meaning.agent && (
        <Link key="agent" href={tracesWith("agent", meaning.agent)}>
          {meaning.agent}
        </Link>
      ),
    ],
    [
      "Service",
      detail.service && (
        <Link key="service" href={tracesWith("service", detail.service)}>
          {detail.service}
        </Link>
      ),
    ],
    [
      "Model",
      meaning.model && (
        <Link key="model" href={tracesWith("model", meaning.model)}>
          {meaning.model}
        </Link>
      ),
    ],
    ["Provider", meaning.provider],
    [
      "Tool",
      meaning.tool && (
        <Link key="tool" href={tracesWith("tool", meaning.tool)}>
          {meaning.tool}
        </Link>
      ),
    ],
    ["Tokens", tokens.join(", ")],
    ["Cost", cost(meaning.costUsd)],
    ["First token after", meaning.timeToFirstTokenMs > 0 && duration(meaning.timeToFirstTokenMs)],
    ["Kind", KINDS[detail.kind]],
  ];
  return (
    <dl className={css.facts}>
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
