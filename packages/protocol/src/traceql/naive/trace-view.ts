import type { PlainSpan, PlainTrace } from "./plain-trace.ts";

/** A span with what its trace says of it. */
export interface SpanView {
  readonly span: PlainSpan;
  readonly trace: TraceView;
  /** Undefined for a root, and where the parent is not in the trace. */
  readonly parent: SpanView | undefined;
  readonly children: readonly SpanView[];
  /** All 0 for spans that no root leads to. */
  readonly nestedSet: { readonly left: number; readonly right: number; readonly parent: number };
}

/** A trace with what is the same for all its spans. */
export interface TraceView {
  readonly traceId: string;
  readonly spans: readonly SpanView[];
  /** The root that starts first; undefined when it is not in the trace. */
  readonly root: SpanView | undefined;
  readonly start: bigint;
  readonly duration: bigint;
}

interface Draft {
  readonly span: PlainSpan;
  readonly trace: TraceView;
  parent: Draft | undefined;
  readonly children: Draft[];
  readonly nestedSet: { left: number; right: number; parent: number };
}

/** Of spans with one id the first is the parent. Siblings are numbered by start, then id. */
export function viewTrace({ traceId, spans }: PlainTrace): TraceView {
  const drafts: Draft[] = [];
  const byId = new Map<string, Draft>();
  const trace = { traceId, spans: drafts, root: undefined as Draft | undefined, ...timeOf(spans) };
  for (const span of spans) {
    const nestedSet = { left: 0, right: 0, parent: 0 };
    const draft: Draft = { span, trace, parent: undefined, children: [], nestedSet };
    drafts.push(draft);
    if (!byId.has(span.spanId)) byId.set(span.spanId, draft);
  }
  const ordered = drafts.toSorted(byStart);
  for (const draft of ordered) {
    draft.parent = draft.span.parentSpanId === "" ? undefined : byId.get(draft.span.parentSpanId);
    draft.parent?.children.push(draft);
  }
  const roots = ordered.filter(({ span }) => span.parentSpanId === "");
  number(roots);
  trace.root = roots[0];
  return trace;
}

function timeOf(spans: readonly PlainSpan[]): { readonly start: bigint; readonly duration: bigint } {
  let [start, end] = [spans[0]!.start, spans[0]!.start];
  for (const span of spans) {
    if (span.start < start) start = span.start;
    if (span.start + span.duration > end) end = span.start + span.duration;
  }
  return { start, duration: end - start };
}

function byStart({ span: a }: Draft, { span: b }: Draft): number {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1;
  return a.spanId < b.spanId ? -1 : Number(a.spanId > b.spanId);
}

/**
 * Numbers on the way down and on the way up. The parent of a root is -1, as in Tempo.
 *
 *     a(1, 6) ─┬─ b(2, 3)
 *              └─ c(4, 5)
 */
function number(roots: readonly Draft[]): void {
  let next = 1;
  for (const root of roots) {
    const open: { draft: Draft; child: number }[] = [{ draft: root, child: 0 }];
    root.nestedSet.left = next++;
    root.nestedSet.parent = -1;
    while (open.length > 0) {
      const top = open[open.length - 1]!;
      const child = top.draft.children[top.child++];
      if (child === undefined) {
        top.draft.nestedSet.right = next++;
        open.pop();
      } else {
        child.nestedSet.left = next++;
        child.nestedSet.parent = top.draft.nestedSet.left;
        open.push({ draft: child, child: 0 });
      }
    }
  }
}
