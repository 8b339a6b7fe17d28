import { SPAN_FLAG, type TraceColumns } from "@clew/protocol/api/trace-columns";
import type { Transcript, TranscriptRun, TranscriptStep } from "@clew/protocol/api/transcript";
import {
  type PlannedStep,
  type TranscriptPlan,
  transcriptPlan,
} from "@clew/protocol/transcript/transcript-plan";
import type { Store } from "../../store/store.ts";
import { traceColumns } from "../trace-columns.ts";
import { BudgetSpent, SearchBudget } from "../traceql/search-budget.ts";
import { HISTORIES, LaneHistories } from "./lane-histories.ts";
import { tellStep } from "./tell-step.ts";
import { type ToldSpan, ToldSpans } from "./told-spans.ts";
import { encodeTranscriptCursor, type TranscriptCursor } from "./transcript-cursor.ts";
import { TRANSCRIPT_LIMITS, type TranscriptLimits } from "./transcript-limits.ts";

export interface TranscriptRequest {
  /** Steps on the page. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: TranscriptCursor;
  /** Default `TRANSCRIPT_LIMITS`. */
  readonly limits?: TranscriptLimits;
  readonly signal?: AbortSignal;
}

const TELLS = SPAN_FLAG.content | SPAN_FLAG.events | SPAN_FLAG.logs;
const ERROR = 2;

/**
 * What was said in a trace, a page at a time, each model call with what is new in it against the calls of its lane
 * before. Rejects as `resolveTrace` does. When time or bytes do not suffice, the page ends early and says so.
 */
export async function transcript(
  store: Store,
  reference: string,
  request: TranscriptRequest,
): Promise<Transcript> {
  const { limit, after, limits = TRANSCRIPT_LIMITS, signal } = request;
  const trace = await traceColumns(store, reference, { ...(signal && { signal }) });
  const plan = transcriptPlan(trace);
  const before = after === undefined ? 0 : placeOf(after, plan.steps, trace);
  const budget = new SearchBudget({ timeoutMs: limits.timeoutMs, maxBytes: limits.maxBytes, signal });
  const fromNs = BigInt(trace.t0Nanos);
  const extent = { traceId: trace.traceId, fromNs, toNs: fromNs + BigInt(Math.ceil(trace.durMs * 1e6)) + 1n };
  const page = new Page(trace, plan, new ToldSpans(store, extent, budget, limits, signal), limits);
  const partial = await page.fill(before, Math.min(plan.steps.length, before + limit));
  const next = before + page.steps.length;
  return {
    traceId: trace.traceId,
    runs: runsOf(plan, before, next),
    steps: page.steps,
    before,
    total: plan.steps.length,
    hasContent: trace.flags.some((flags) => (flags & TELLS) !== 0),
    ...(partial && { partial }),
    ...(next < plan.steps.length && {
      nextCursor: encodeTranscriptCursor({ at: next, span: trace.id[plan.steps[next]!.row] ?? "" }),
    }),
  };
}

function placeOf({ at, span }: TranscriptCursor, steps: readonly PlannedStep[], trace: TraceColumns): number {
  const isIt = (step: PlannedStep | undefined): boolean => step !== undefined && trace.id[step.row] === span;
  if (isIt(steps[at])) return at;
  const moved = steps.findIndex(isIt);
  return moved >= 0 ? moved : Math.min(at, steps.length);
}

function runsOf({ steps, runs }: TranscriptPlan, from: number, to: number): TranscriptRun[] {
  const wanted = new Set<number>();
  for (let at = from; at < to; at++) {
    for (let run = steps[at]!.run; run >= 0 && !wanted.has(run); run = runs[run]!.caller) wanted.add(run);
  }
  return [...wanted]
    .sort((a, b) => a - b)
    .map((run): TranscriptRun => {
      const { caller: _, ...shown } = runs[run]!;
      return shown;
    });
}

/** The steps of one page as they are read. */
class Page {
  readonly steps: TranscriptStep[] = [];
  readonly #trace: TraceColumns;
  readonly #plan: TranscriptPlan;
  readonly #spans: ToldSpans;
  readonly #limits: TranscriptLimits;
  readonly #histories = new LaneHistories();
  readonly #calledModel = new Set<number>();
  #chars = 0;

  constructor(trace: TraceColumns, plan: TranscriptPlan, spans: ToldSpans, limits: TranscriptLimits) {
    this.#trace = trace;
    this.#plan = plan;
    this.#spans = spans;
    this.#limits = limits;
  }

  /** Why it ended before `to`, where it did. */
  async fill(from: number, to: number): Promise<BudgetSpent["reason"] | undefined> {
    const { steps } = this.#plan;
    try {
      const earlier = this.#earlier(from, to);
      const wanted = [...earlier, ...steps.slice(from, to)].filter((step) => this.#isRead(step));
      const sizes = await this.#spans.sizes([...new Set(wanted.map((step) => this.#idOf(step)))]);
      await this.#remember(earlier, sizes);
      let bytes = 0;
      for (let at = from; at < to; ) {
        const end = this.#batchEnd(at, to, sizes);
        const batch = steps.slice(at, end);
        const told = await this.#read(batch, sizes);
        for (const step of batch) {
          this.#tell(step, told, sizes);
          bytes += sizes.get(this.#idOf(step)) ?? 0;
          if (this.#chars > this.#limits.pageChars) return undefined;
        }
        if (bytes > this.#limits.mostBytes) return undefined;
        at = end;
      }
    } catch (error) {
      if (error instanceof BudgetSpent) return error.reason;
      throw error;
    }
    return undefined;
  }

  /** The last model calls of each lane before the page, in their order, and which runs called one. */
  #earlier(from: number, to: number): PlannedStep[] {
    const { steps } = this.#plan;
    const missing = new Map<number, number>();
    for (const { type, lane } of steps.slice(from, to)) if (type === "model") missing.set(lane, HISTORIES);
    const found: PlannedStep[] = [];
    for (let at = from - 1; at >= 0; at--) {
      const step = steps[at]!;
      if (step.type !== "model") continue;
      this.#calledModel.add(step.run);
      const left = missing.get(step.lane) ?? 0;
      if (left === 0 || !this.#isRead(step)) continue;
      missing.set(step.lane, left - 1);
      found.push(step);
    }
    return found.reverse();
  }

  async #remember(earlier: readonly PlannedStep[], sizes: ReadonlyMap<string, number>): Promise<void> {
    let bytes = 0;
    // The latest count most.
    const fitting = earlier
      .toReversed()
      .filter((step) => (bytes += sizes.get(this.#idOf(step)) ?? 0) <= this.#limits.mostEarlierBytes)
      .reverse();
    const told = await this.#read(fitting, sizes);
    for (const step of fitting) {
      const { conversation } = told.get(this.#idOf(step)) ?? {};
      if (conversation !== undefined) this.#histories.add(step.lane, conversation, false);
    }
  }

  #batchEnd(from: number, to: number, sizes: ReadonlyMap<string, number>): number {
    let bytes = 0;
    let end = from;
    while (end < to && (end === from || bytes < this.#limits.batchBytes)) {
      const size = sizes.get(this.#idOf(this.#plan.steps[end]!)) ?? 0;
      bytes += size > this.#limits.mostSpanBytes ? 0 : size;
      end++;
    }
    return end;
  }

  #read(steps: readonly PlannedStep[], sizes: ReadonlyMap<string, number>): Promise<Map<string, ToldSpan>> {
    const ids = steps
      .filter((step) => this.#isRead(step))
      .map((step) => this.#idOf(step))
      .filter((id) => (sizes.get(id) ?? 0) <= this.#limits.mostSpanBytes);
    const withLogs = steps.filter(({ row }) => ((this.#trace.flags[row] ?? 0) & SPAN_FLAG.logs) !== 0);
    return this.#spans.read([...new Set(ids)], new Set(withLogs.map((step) => this.#idOf(step))));
  }

  #tell(step: PlannedStep, told: ReadonlyMap<string, ToldSpan>, sizes: ReadonlyMap<string, number>): void {
    const id = this.#idOf(step);
    const size = sizes.get(id) ?? 0;
    const run = this.#plan.runs[step.run]!;
    const { step: item, chars } = tellStep(
      step,
      {
        trace: this.#trace,
        startUs: step.startUs,
        run: run.span,
        told: this.#isRead(step) ? told.get(id) : undefined,
        tooLarge: size > this.#limits.mostSpanBytes ? size : undefined,
        isFirst: !this.#calledModel.has(step.run),
        most: this.#limits.partChars,
      },
      this.#histories,
    );
    if (step.type === "model") this.#calledModel.add(step.run);
    this.#chars += chars;
    this.steps.push(item);
  }

  #idOf({ row }: PlannedStep): string {
    return this.#trace.id[row] ?? "";
  }

  /** Of a run only what an agent's span says; one that begins with a call of a model or tool says it there. */
  #isRead({ type, row, tellsElsewhere }: PlannedStep): boolean {
    if (type === "run" && tellsElsewhere) return false;
    return ((this.#trace.flags[row] ?? 0) & TELLS) !== 0 || this.#trace.status[row] === ERROR;
  }
}
