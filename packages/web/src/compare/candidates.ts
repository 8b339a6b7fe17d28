import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import { api } from "../api/client.ts";
import { mainSpan, textOf } from "../trace/span-facts.ts";

/** A trace that is worth comparing with another, and why. */
export interface Candidate {
  readonly item: TraceItem;
  readonly why: string;
}

const MOST_OF_A_KIND = 6;
/** Names are asked for as parts of names of spans: not all that are found are called so. */
const ASKED = 20;

/**
 * Traces to compare one with: of the same test case, earlier ones of the same name, of the same session, each newest
 * first; without one, the newest of all.
 */
export async function candidatesFor(
  trace: TraceColumns | undefined,
  signal: AbortSignal,
): Promise<Candidate[]> {
  if (trace === undefined) {
    const { items } = await api.traces({ limit: 2 * MOST_OF_A_KIND }, { signal });
    return items.map((item) => ({ item, why: "" }));
  }
  const { session, test } = trace.ctx;
  const name = textOf(trace, "name", mainSpan(trace));
  const none = Promise.resolve({ items: [] as readonly TraceItem[] });
  const limit = ASKED;
  const [ofTest, ofName, ofSession] = await Promise.all([
    test?.case === undefined ? none : api.traces({ testCase: test.case.id, limit }, { signal }),
    name === "" ? none : api.traces({ name, to: trace.t0Nanos, limit }, { signal }),
    session === undefined ? none : api.traces({ session: session.id, limit }, { signal }),
  ]);
  const seen = new Set([trace.traceId]);
  const take = (items: readonly TraceItem[], why: string): Candidate[] =>
    items
      .filter(({ traceId }) => !seen.has(traceId))
      .slice(0, MOST_OF_A_KIND)
      .map((item) => {
        seen.add(item.traceId);
        return { item, why };
      });
  return [
    ...take(ofTest.items, "same test case"),
    ...take(
      ofName.items.filter(({ rootName }) => rootName === name),
      "same name, earlier",
    ),
    ...take(ofSession.items, "same session"),
  ];
}
