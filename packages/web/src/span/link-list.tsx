import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import type { SpanLink } from "@clew/protocol/otlp/model";
import { Link } from "../location/link.tsx";
import { AttributeList } from "./attribute-list.tsx";
import css from "./record-list.module.css";

/** The spans that this one names beside its parent. */
export function LinkList({
  links,
  trace,
}: {
  readonly links: readonly SpanLink[];
  readonly trace: TraceColumns;
}) {
  return (
    <ol className={css.list}>
      {links.map(({ traceId = "", spanId = "", attributes = [] }, at) => (
        <li key={at}>
          <header>
            <Link href={`/traces/${traceId}?span=${spanId}`}>
              {traceId === trace.traceId ? "Span of this trace" : "Span of another trace"}
            </Link>
            <span>
              <code>
                {traceId} {spanId}
              </code>
            </span>
          </header>
          {attributes.length > 0 && <AttributeList attributes={attributes} />}
        </li>
      ))}
    </ol>
  );
}
