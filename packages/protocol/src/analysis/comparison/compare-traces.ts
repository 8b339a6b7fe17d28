import { SPAN_FLAG } from "../../api/trace-columns.ts";
import type { SpanRows } from "../analysis.ts";
import { STATUS_ERROR } from "../span-role.ts";
import { structuralModel, structuralName } from "../structural-name.ts";
import {
  type AnalysedTrace,
  CHANGE,
  type LineDifference,
  type TraceComparison,
  type TraceSum,
} from "./comparison.ts";
import { type Overlay, overlay } from "./overlay.ts";
import { TextColumn } from "./text-column.ts";

/** Less than this, and less than this share of the first trace, two durations are alike. */
const LEAST_DIFFERENCE_US = 10_000;
const LEAST_DIFFERENCE_SHARE = 0.05;
/** A child explains its parent's difference when it has at least this much of it. */
const EXPLAINS = 0.5;
const NONE = -1;

/** Lays the second trace over the first. Linear but for aligning siblings, which is n log n. Never throws. */
export function compareTraces(a: AnalysedTrace, b: AnalysedTrace): TraceComparison {
  const lines = overlay(a, b);
  const count = lines.a.length;
  const changes = new Uint8Array(count);
  const changesBelow = new Int32Array(count);
  const size = new Int32Array(count).fill(1);
  const changesAt = new Changes(a.trace, b.trace);
  for (let line = count - 1; line >= 0; line--) {
    changes[line] = changesAt.at(lines.a[line]!, lines.b[line]!);
    changesBelow[line]! += changes[line] === 0 ? 0 : 1;
    const parent = lines.parent[line]!;
    if (parent < 0) continue;
    changesBelow[parent]! += changesBelow[line]!;
    size[parent]! += size[line]!;
  }
  return {
    count,
    ...lines,
    size,
    changes,
    changesBelow,
    firstDivergence: firstDivergence(lines, changes),
    timeDifference: timeDifference(a, b, lines),
    totals: [sumOf(a), sumOf(b)],
  };
}

function sumOf({ analysis: { rollUps, clock } }: AnalysedTrace): TraceSum {
  return { ...rollUps.whole, durationUs: clock.toUs - clock.fromUs };
}

/** Tells what is different in two spans that are in the same place. */
class Changes {
  readonly #a: SpanRows;
  readonly #b: SpanRows;
  readonly #name: TextColumn;
  readonly #agent: TextColumn;
  readonly #tool: TextColumn;
  readonly #model: TextColumn;
  readonly #err: TextColumn;

  constructor(a: SpanRows, b: SpanRows) {
    this.#a = a;
    this.#b = b;
    this.#name = new TextColumn(a, b, "name", structuralName);
    this.#agent = new TextColumn(a, b, "agent");
    this.#tool = new TextColumn(a, b, "tool");
    this.#model = new TextColumn(a, b, "model", structuralModel);
    this.#err = new TextColumn(a, b, "err");
  }

  /** `CHANGE` bits. */
  at(rowA: number, rowB: number): number {
    if (rowA === NONE) return CHANGE.added;
    if (rowB === NONE) return CHANGE.removed;
    const isRenamed =
      this.#name.differs(rowA, rowB) || this.#agent.differs(rowA, rowB) || this.#tool.differs(rowA, rowB);
    const outcome = outcomeOf(this.#a, rowA);
    const isOther =
      outcome !== outcomeOf(this.#b, rowB) || (outcome === STATUS_ERROR && this.#err.differs(rowA, rowB));
    return (
      (isRenamed ? CHANGE.renamed : 0) |
      (this.#model.differs(rowA, rowB) ? CHANGE.model : 0) |
      (isOther ? CHANGE.outcome : 0)
    );
  }
}

const RUNNING = 3;

function outcomeOf({ flags, status }: SpanRows, row: number): number {
  if (((flags[row] ?? 0) & SPAN_FLAG.running) !== 0) return RUNNING;
  return status[row] === STATUS_ERROR ? STATUS_ERROR : 0;
}

/** Goes through the lines as time does: a span begins before what is below it and ends after that. */
function firstDivergence({ depth }: Overlay, changes: Uint8Array): number {
  const open: number[] = [];
  for (let line = 0; line <= changes.length; line++) {
    const level = depth[line] ?? 0;
    while (open.length > level) {
      const ended = open.pop()!;
      if ((changes[ended]! & CHANGE.outcome) !== 0) return ended;
    }
    if (line === changes.length) break;
    if ((changes[line]! & ~CHANGE.outcome) !== 0) return line;
    open.push(line);
  }
  return NONE;
}

/** Down from the whole to where most of the difference is, as long as one of those below has most of it. */
function timeDifference(a: AnalysedTrace, b: AnalysedTrace, lines: Overlay): number {
  const whole = sumOf(b).durationUs - sumOf(a).durationUs;
  const least = Math.max(LEAST_DIFFERENCE_US, LEAST_DIFFERENCE_SHARE * sumOf(a).durationUs);
  if (Math.abs(whole) < least) return NONE;
  let found = NONE;
  let wanted = EXPLAINS * Math.abs(whole);
  for (let line = 0; line < lines.a.length; line++) {
    // Lines below what was found come right after it, in order of time.
    if (found !== NONE && lines.depth[line]! <= lines.depth[found]!) break;
    if (lines.parent[line] !== found) continue;
    const { durationUs } = lineDifference(a, b, lines, line);
    if (Math.sign(durationUs) !== Math.sign(whole) || Math.abs(durationUs) < wanted) continue;
    found = line;
    wanted = EXPLAINS * Math.abs(durationUs);
  }
  return found;
}

/** See `LineDifference`. */
export function lineDifference(
  a: AnalysedTrace,
  b: AnalysedTrace,
  lines: Pick<Overlay, "a" | "b">,
  line: number,
): LineDifference {
  const [rowA, rowB] = [lines.a[line] ?? NONE, lines.b[line] ?? NONE];
  const of = (column: "inputTokens" | "outputTokens" | "costMicro"): number =>
    (rowB === NONE ? 0 : b.analysis.rollUps[column][rowB]!) -
    (rowA === NONE ? 0 : a.analysis.rollUps[column][rowA]!);
  return {
    durationUs: durationOf(b, rowB) - durationOf(a, rowA),
    inputTokens: of("inputTokens"),
    outputTokens: of("outputTokens"),
    costMicro: of("costMicro"),
  };
}

function durationOf({ analysis: { clock } }: AnalysedTrace, row: number): number {
  return row === NONE ? 0 : clock.end[row]! - clock.start[row]!;
}
