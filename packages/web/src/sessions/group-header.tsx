import { queryString } from "@clew/protocol/api/requests";
import type { TraceGroupDetail } from "@clew/protocol/api/trace-group";
import type { ReactNode } from "react";
import { CopyButton } from "../elements/copy-button.tsx";
import { Icon } from "../elements/icon.tsx";
import { StatusMark } from "../elements/status-mark.tsx";
import { ago, fullMoment, moment } from "../format/moments.ts";
import { cost, count, duration, exact, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import type { GroupKind } from "./group-address.ts";
import css from "./group-header.module.css";
import { KINDS } from "./group-kinds.ts";
import { lastGroupList } from "./last-group-list.ts";

interface GroupHeaderProps {
  readonly kind: GroupKind;
  readonly group: TraceGroupDetail;
  readonly nowMs: number;
}

const MOST_NAMES = 6;

/** What a session or task adds up to, and who took part. */
export function GroupHeader({ kind, group, nowMs }: GroupHeaderProps) {
  const { name, names } = KINDS[kind];
  const { tokens } = group;
  const isRunning = group.traces.some((trace) => trace.isRunning);
  const status = group.errorTraceCount > 0 ? "error" : isRunning ? "running" : "unset";
  const back = `Back to the ${names.toLowerCase()}`;
  return (
    <header className={css.header}>
      <div className={css.title}>
        <Link href={lastGroupList(kind)} className={css.back} aria-label={back} title={`${back} (Esc)`}>
          <Icon name="chevron" />
        </Link>
        <StatusMark status={status} />
        <h1>
          <span>{name}</span> {group.id}
        </h1>
        <CopyButton label="Copy id" text={() => group.id} />
        <Link href={`/traces${queryString({ [kind]: group.id })}`} className={css.search}>
          Search its traces
        </Link>
      </div>
      <dl className={css.facts}>
        <Fact name="Traces">
          {exact(group.traceCount)}
          {group.errorTraceCount > 0 && (
            <small className={css.errors}> {exact(group.errorTraceCount)} with an error</small>
          )}
        </Fact>
        {group.errorCount > 0 && (
          <Fact name="Errors" title="Spans with an error">
            <span className={css.errors}>{exact(group.errorCount)}</span>
          </Fact>
        )}
        {group.llmCalls > 0 && <Fact name="Model calls">{exact(group.llmCalls)}</Fact>}
        {group.toolCalls > 0 && <Fact name="Tool calls">{exact(group.toolCalls)}</Fact>}
        {tokens.input + tokens.output > 0 && (
          <Fact
            name="Tokens"
            title={`${exact(tokens.input)} in, ${exact(tokens.output)} out, ${exact(tokens.cacheRead)} of the input from a cache`}
          >
            {count(tokens.input + tokens.output)}
            <small>
              {" "}
              {count(tokens.input)} in, {count(tokens.output)} out
            </small>
          </Fact>
        )}
        {group.costUsd > 0 && <Fact name="Cost">{cost(group.costUsd)}</Fact>}
        <Fact name="First activity" title={fullMoment(group.startMs)}>
          <time dateTime={new Date(group.startMs).toISOString()}>{moment(group.startMs, nowMs)}</time>
        </Fact>
        <Fact name="Last activity" title={fullMoment(group.lastMs)}>
          <time dateTime={new Date(group.lastMs).toISOString()}>{moment(group.lastMs, nowMs)}</time>
          <small> {ago(group.lastMs, nowMs)}</small>
        </Fact>
        <Fact name="Over">{duration(Math.max(0, group.lastMs - group.startMs))}</Fact>
        <Names of={[kind, group.id]} label="User" field="user" names={group.users} />
        <Names of={[kind, group.id]} label="Agent" field="agent" names={group.agents} />
        {group.agents.length === 0 && (
          <Names of={[kind, group.id]} label="Service" field="service" names={group.services} />
        )}
        <Names of={[kind, group.id]} label="Model" field="model" names={group.models} />
      </dl>
    </header>
  );
}

interface FactProps {
  readonly name: string;
  readonly title?: string;
  readonly children: ReactNode;
}

function Fact({ name, title, children }: FactProps) {
  return (
    <div title={title}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface NamesProps {
  readonly of: readonly [kind: GroupKind, id: string];
  readonly label: string;
  readonly field: "user" | "agent" | "service" | "model";
  readonly names: readonly string[];
}

/** Each name leads to the traces that it took part in. */
function Names({ of: [kind, id], label, field, names }: NamesProps) {
  if (names.length === 0) return null;
  return (
    <Fact name={names.length === 1 ? label : `${label}s`}>
      <span className={css.names}>
        {names.slice(0, MOST_NAMES).map((name) => (
          <Link
            key={name}
            href={`/traces${queryString({ [kind]: id, [field]: name })}`}
            title={`Traces of this ${kind} with ${field} ${name}`}
          >
            {name}
          </Link>
        ))}
        {names.length > MOST_NAMES && (
          <small title={names.slice(MOST_NAMES).join(", ")}>
            and {many(names.length - MOST_NAMES, "other")}
          </small>
        )}
      </span>
    </Fact>
  );
}
