import type { SearchRequest } from "@clew/protocol/api/requests";
import type { SearchItem, SpanSet } from "@clew/protocol/api/search";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "../api/client.ts";
import { Button } from "../elements/button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { exact, many } from "../format/quantities.ts";
import { attributeText } from "../search/attribute-text.ts";
import css from "./match-row.module.css";
import { MatchedSpanLine } from "./matched-span-line.tsx";

/** As many as the server tells of a set. */
const MOST_SPANS = 100;
/** Traces that start in the very same nanosecond. */
const MOST_TWINS = 20;

interface MatchRowProps {
  readonly item: SearchItem;
  /** What found it. */
  readonly request: SearchRequest;
}

/** The spans of a trace that match, in a line of the table below the trace's own. */
export function MatchRow({ item, request }: MatchRowProps) {
  const [isOpen, setOpen] = useState(false);
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ["matches", request.q, item.traceId, item.startNanos],
    queryFn: ({ signal }) => allMatches(item, request, signal),
    enabled: isOpen,
  });
  const shown = isOpen ? (data ?? item) : item;
  const isWhole = item.spanSets.every(({ spans, matched }) => spans.length >= Math.min(matched, MOST_SPANS));
  return (
    <tr className={css.row}>
      <td colSpan={8}>
        {shown.spanSets.map((set, at) => (
          <MatchedSet key={at} item={item} set={set} />
        ))}
        {shown.spanSetCount > shown.spanSets.length && (
          <p className={css.count}>
            {exact(shown.spanSets.length)} of {exact(shown.spanSetCount)} groups
          </p>
        )}
        {error !== null && <Trouble error={error} again={() => void refetch()} />}
        {!isWhole && (
          <Button
            variant="quiet"
            className={css.more}
            aria-expanded={isOpen}
            aria-busy={isFetching}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? "Show fewer" : "Show more of the matching spans"}
          </Button>
        )}
      </td>
    </tr>
  );
}

/** The trace alone is found by when it starts. */
async function allMatches(
  { traceId, startNanos }: SearchItem,
  { q }: SearchRequest,
  signal: AbortSignal,
): Promise<SearchItem | null> {
  const to = String(BigInt(startNanos) + 1n);
  const answer = await api.search(
    { q, from: startNanos, to, limit: MOST_TWINS, spss: MOST_SPANS },
    { signal },
  );
  return answer.items.find((item) => item.traceId === traceId) ?? null;
}

function MatchedSet({ item, set }: { readonly item: SearchItem; readonly set: SpanSet }) {
  const { matched, spans, attributes } = set;
  return (
    <div className={css.set}>
      <p className={css.count}>
        {attributes.map((attribute, at) => (
          <code key={at}>{attributeText(attribute)}</code>
        ))}
        <span>
          {spans.length < matched
            ? `${exact(spans.length)} of ${many(matched, "matching span")}`
            : many(matched, "matching span")}
        </span>
      </p>
      <ul>
        {spans.map((span) => (
          <MatchedSpanLine key={span.spanId} item={item} span={span} />
        ))}
      </ul>
    </div>
  );
}
