import { setImmediate } from "node:timers/promises";
import type { Store } from "../../store/store.ts";
import type { TraceCursor } from "../trace-cursor.ts";
import type { TraceSummary } from "../trace-summary.ts";
import { candidates } from "./candidates.ts";
import { eachTrace } from "./each-trace.ts";
import { judgeTrace, type SpansetMatch } from "./judge-trace.ts";
import { readSearch } from "./read-search.ts";
import { BudgetSpent, type PartialReason, SearchBudget } from "./search-budget.ts";
import { planSearch, type SearchPlan } from "./search-plan.ts";

export interface SearchRequest {
  /** TraceQL that asks for traces. */
  readonly query: string;
  /** Start of the trace: from inclusive, to exclusive. */
  readonly fromNs?: bigint;
  readonly toNs?: bigint;
  /** Traces on the page. */
  readonly limit: number;
  /** Matching spans told of each spanset. */
  readonly spansShown: number;
  /** Where the page before ended. */
  readonly after?: TraceCursor;
  /** Default 10 seconds. */
  readonly timeoutMs?: number;
  /** That one statement may read. Default 32 GiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/** The newest traces that match, and where to go on. */
export interface SearchPage {
  readonly plan: SearchPlan;
  readonly matches: readonly TraceMatch[];
  /** Set when the budget was spent before the page was full, or when a trace was too large to be judged. */
  readonly partial?: PartialReason;
  /** Absent when nothing is left to look at. */
  readonly next?: TraceCursor;
}

export interface TraceMatch {
  readonly traceId: string;
  readonly summary: TraceSummary;
  readonly spansets: readonly SpansetMatch[];
}

/** How long traces are judged at a stretch. */
const BUSY_MS = 20;
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 32 * 1024 ** 3;
/** Spans read at once, unless one trace has more. */
const SPANS_AT_ONCE = 100_000;

/**
 * The newest traces that a query matches, each judged with all its spans. Throws `InvalidQuery`; when time or bytes do
 * not suffice the answer is partial.
 */
export async function searchTraces(store: Store, request: SearchRequest): Promise<SearchPage> {
  const { limit, spansShown, fromNs, toNs, after, signal } = request;
  const query = readSearch(request.query);
  const budget = new SearchBudget({
    timeoutMs: request.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    maxBytes: request.maxBytes ?? DEFAULT_MAX_BYTES,
    signal,
  });
  const plan = await planSearch(store, query.pipeline, signal);
  const groups = new Groups(limit);
  const matches: TraceMatch[] = [];
  let restMs = performance.now() + BUSY_MS;
  let next = after ?? NEWEST;
  let partial: PartialReason | undefined;
  try {
    for await (const { traces, doneTo } of candidates(store, plan, { fromNs, toNs, after, limit }, budget)) {
      for (const group of groups.of(traces.filter(plan.mayMatch))) {
        for await (const { summary, trace } of eachTrace(store, group, plan, budget)) {
          if (trace === "tooLarge") partial = "size";
          const spansets = typeof trace === "object" ? judgeTrace(trace, plan, spansShown) : [];
          next = { startNs: summary.startNs, traceId: summary.id };
          if (spansets.length === 0) continue;
          matches.push({ traceId: summary.id, summary, spansets });
          if (matches.length === limit) return { plan, matches, ...(partial && { partial }), next };
          if (performance.now() < restMs) continue;
          // Others use this thread too.
          await setImmediate();
          budget.check();
          restMs = performance.now() + BUSY_MS;
        }
        budget.check();
      }
      if (doneTo !== undefined) next = doneTo;
    }
    return { plan, matches, ...(partial && { partial }) };
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    return { plan, matches, partial: error.reason, next };
  }
}

/** Before the newest trace. */
const NEWEST: TraceCursor = { startNs: 2n ** 63n - 1n, traceId: "f".repeat(32) };

/** Cuts traces into groups that are read at once: first as many as are wanted, so that little is read in vain, then more. */
class Groups {
  #most: number;

  constructor(wanted: number) {
    this.#most = Math.max(wanted, 20);
  }

  *of(traces: readonly TraceSummary[]): Generator<readonly TraceSummary[], void> {
    let group: TraceSummary[] = [];
    let spans = 0;
    for (const trace of traces) {
      if (group.length > 0 && (group.length === this.#most || spans + trace.spanCount > SPANS_AT_ONCE)) {
        yield group;
        group = [];
        spans = 0;
        this.#most *= 4;
      }
      group.push(trace);
      spans += trace.spanCount;
    }
    if (group.length > 0) yield group;
  }
}
