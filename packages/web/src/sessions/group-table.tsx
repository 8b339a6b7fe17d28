import type { TraceGroup } from "@clew/protocol/api/trace-group";
import { StatusMark } from "../elements/status-mark.tsx";
import { ago, fullMoment, moment } from "../format/moments.ts";
import { cost, count, duration, exact, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { type GroupKind, groupAddress } from "./group-address.ts";
import { KINDS } from "./group-kinds.ts";
import { namesInShort } from "./names-in-short.ts";
import css from "./rows.module.css";

interface GroupTableProps {
  readonly kind: GroupKind;
  readonly items: readonly TraceGroup[];
  readonly nowMs: number;
}

/** A line for each session or task. */
export function GroupTable({ kind, items, nowMs }: GroupTableProps) {
  return (
    <table aria-label={KINDS[kind].names} className={`${css.table} ${css.groups}`}>
      <thead>
        <tr className={css.head}>
          <th scope="col">{KINDS[kind].name}</th>
          <th scope="col">User</th>
          <th scope="col" className={css.number}>
            Traces
          </th>
          <th scope="col" className={css.number}>
            Errors
          </th>
          <th scope="col" className={css.number}>
            Tokens
          </th>
          <th scope="col" className={`${css.number} ${css.wide}`}>
            Cost
          </th>
          <th scope="col" className={`${css.number} ${css.wide}`}>
            First activity
          </th>
          <th scope="col" className={css.number}>
            Last activity
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <GroupRow key={item.id} kind={kind} item={item} nowMs={nowMs} />
        ))}
      </tbody>
    </table>
  );
}

function GroupRow({ kind, item, nowMs }: Omit<GroupTableProps, "items"> & { readonly item: TraceGroup }) {
  const tokens = item.tokens.input + item.tokens.output;
  return (
    <tr className={css.row}>
      <td className={css.what}>
        <StatusMark status={item.errorTraceCount > 0 ? "error" : "unset"} />
        <div>
          <Link href={groupAddress(kind, item.id)} data-row className={css.name}>
            {item.id}
          </Link>
          <p className={css.soft}>{namesInShort(item.agents.length > 0 ? item.agents : item.services)}</p>
        </div>
      </td>
      <td className={css.soft} title={item.users.join(", ")}>
        {namesInShort(item.users, 2)}
      </td>
      <td className={css.number}>
        {exact(item.traceCount)}
        <small className={css.narrow}>{item.traceCount === 1 ? " trace" : " traces"}</small>
      </td>
      <td
        className={css.number}
        title={`${many(item.errorCount, "span")} with an error, in ${many(item.errorTraceCount, "trace")}`}
      >
        {item.errorCount > 0 && (
          <span className={css.errors}>
            {exact(item.errorCount)}
            <small className={css.narrow}>{item.errorCount === 1 ? " error" : " errors"}</small>
          </span>
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
      <td className={`${css.number} ${css.wide}`}>{cost(item.costUsd)}</td>
      <td className={`${css.number} ${css.wide}`}>
        <time dateTime={new Date(item.startMs).toISOString()} title={fullMoment(item.startMs)}>
          {moment(item.startMs, nowMs)}
        </time>
        <small className={css.ago}>over {duration(Math.max(0, item.lastMs - item.startMs))}</small>
      </td>
      <td className={`${css.number} ${css.last}`}>
        <time dateTime={new Date(item.lastMs).toISOString()} title={fullMoment(item.lastMs)}>
          {moment(item.lastMs, nowMs)}
        </time>
        <small className={css.ago}>{ago(item.lastMs, nowMs)}</small>
      </td>
    </tr>
  );
}
