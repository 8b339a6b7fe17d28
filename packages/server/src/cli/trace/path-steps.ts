import {
  type CriticalPath,
  TIME_KINDS,
  type TimeKind,
  type TraceAnalysis,
} from "@clew/protocol/analysis/analysis";

/** Segments of the critical path one after the other that belong to the same. */
export interface PathStep {
  readonly kind: TimeKind;
  /** Row of the model call, tool or span; -1 where there is none. */
  readonly span: number;
  readonly lane: number;
  /** Lane waited for; -1 for none that is known. */
  readonly onLane: number;
  readonly fromUs: number;
  readonly toUs: number;
}

/** A model call with the requests that make it up is one step. */
export function pathSteps({ criticalPath, lanes }: TraceAnalysis): PathStep[] {
  const steps: PathStep[] = [];
  for (let at = 0; at < criticalPath.count; at++) {
    const step = stepAt(criticalPath, lanes.laneOf, at);
    const last = steps.at(-1);
    if (last?.kind === step.kind && last.span === step.span) {
      steps[steps.length - 1] = { ...last, toUs: step.toUs };
    } else steps.push(step);
  }
  return steps;
}

function stepAt(path: CriticalPath, laneOf: Int32Array, at: number): PathStep {
  const span = path.owner[at]!;
  return {
    kind: TIME_KINDS[path.kind[at]!]!,
    span,
    lane: span < 0 ? -1 : laneOf[span]!,
    onLane: path.onLane[at]!,
    fromUs: path.fromUs[at]!,
    toUs: path.toUs[at]!,
  };
}
