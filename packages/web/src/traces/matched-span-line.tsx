import type { MatchedSpan, SearchItem } from "@clew/protocol/api/search";
import { duration } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { attributeText } from "../search/attribute-text.ts";
import css from "./match-row.module.css";

/** A span that leads to itself within its trace; the bar says when in the trace it ran. */
export function MatchedSpanLine({ item, span }: { readonly item: SearchItem; readonly span: MatchedSpan }) {
  const sinceStartMs = Math.max(0, Number(BigInt(span.startNanos) - BigInt(item.startNanos)) / 1e6);
  const wholeMs = Math.max(item.durMs, sinceStartMs + span.durMs, Number.MIN_VALUE);
  const left = Math.min(99, (sinceStartMs / wholeMs) * 100);
  const width = Math.max(1, Math.min(100 - left, (span.durMs / wholeMs) * 100));
  return (
    <li className={css.span}>
      <span className={css.name}>
        <Link href={`/traces/${item.traceId}?span=${span.spanId}`}>{span.name || span.spanId}</Link>
        <span>{span.service}</span>
      </span>
      <span className={css.attributes}>
        {span.attributes.map((attribute, at) => (
          <code key={at}>{attributeText(attribute)}</code>
        ))}
      </span>
      <span className={css.track} title={`begins ${duration(sinceStartMs)} after the trace`}>
        <span style={{ marginLeft: `${left}%`, width: `${width}%` }} />
      </span>
      <span className={css.took}>{span.durMs > 0 ? duration(span.durMs) : "running"}</span>
    </li>
  );
}
