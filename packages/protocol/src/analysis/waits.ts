import {
  type Lanes,
  type SpanRows,
  type SpanTree,
  TIME_KINDS,
  type TraceClock,
  type Wait,
} from "./analysis.ts";
import { BackWalk } from "./back-walk.ts";
import { lastEndsInside, type SpanEnds } from "./span-ends.ts";
import { STRETCH, Stretches } from "./stretches.ts";
import { gapKind, KIND, type TimeOwner } from "./time-owner.ts";

/**
 * Who waited for whom: the time of each run, walked back as the critical path is, but as that lane sees it. Other
 * lanes are something to wait for, whatever they do meanwhile.
 *
 *     planner  ├self┤──model──┤self├····waiting for researcher····┤self┤
 */
export function laneWaits(
  trace: SpanRows,
  tree: SpanTree,
  clock: TraceClock,
  lanes: Lanes,
  { awaited, last }: SpanEnds,
  owners: TimeOwner,
): Wait[] {
  const { laneOf, runs } = lanes;
  const isEntry = new Uint8Array(tree.n);
  for (let run = 0; run < runs.count; run++) isEntry[runs.entry[run]!] = 1;
  const lastInside = lastEndsInside(tree, clock, last, isEntry);
  const walks = new BackWalk({ trace, tree, clock, awaited, last: lastInside, isWhole: isEntry });
  const sums = new WaitSums(trace, tree, lanes, owners);
  const stretches = new Stretches();
  for (let run = 0; run < runs.count; run++) {
    const entry = runs.entry[run]!;
    stretches.clear();
    walks.walk(entry, runs.end[run]!, stretches);
    sums.addAll(laneOf[entry]!, runs.end[run]!, stretches);
  }
  return sums.waits();
}

/** Adds up what each lane waited for. */
class WaitSums {
  readonly #trace: SpanRows;
  readonly #tree: SpanTree;
  readonly #laneOf: Int32Array;
  readonly #owners: TimeOwner;
  readonly #targets: Targets;
  readonly #sums = new Map<number, { -readonly [Field in keyof Wait]: Wait[Field] }>();

  constructor(trace: SpanRows, tree: SpanTree, lanes: Lanes, owners: TimeOwner) {
    this.#trace = trace;
    this.#tree = tree;
    this.#laneOf = lanes.laneOf;
    this.#owners = owners;
    this.#targets = new Targets(trace, lanes);
  }

  /** The stretches of one run of the lane, which ended at `endUs`. */
  addAll(lane: number, endUs: number, { count, what, row, fromUs }: Stretches): void {
    let untilUs = endUs;
    for (let at = 0; at < count; at++) {
      const us = untilUs - fromUs[at]!;
      if (what[at] === STRETCH.own) this.#addOwn(lane, row[at]!, us);
      else if (what[at] === STRETCH.gap) this.#addGap(lane, row[at]!, us);
      else this.#addWhole(lane, this.#laneOf[row[at]!]!, us);
      untilUs = fromUs[at]!;
    }
  }

  #addOwn(lane: number, row: number, us: number): void {
    const kind = this.#owners.kind[row]!;
    const onLane = kind === KIND.waiting ? this.#owners.onLane[row]! : -1;
    const target =
      onLane >= 0 ? this.#targets.ofLane(onLane) : this.#targets.ofCall(this.#owners.owner[row]!);
    this.#add(lane, kind, target, us);
  }

  #addGap(lane: number, next: number, us: number): void {
    const kind = gapKind(this.#trace, this.#tree, next);
    this.#add(lane, kind, kind === KIND.idle ? 0 : this.#targets.ofCall(next), us);
  }

  #addWhole(lane: number, onLane: number, us: number): void {
    if (onLane === lane) this.#add(lane, KIND.self, 0, us);
    else this.#add(lane, KIND.waiting, this.#targets.ofLane(onLane), us);
  }

  #add(lane: number, kind: number, target: number, us: number): void {
    const key = (lane * TIME_KINDS.length + kind) * this.#targets.count + target;
    const known = this.#sums.get(key);
    if (known === undefined) {
      const { onLane, on } = this.#targets.read(target);
      this.#sums.set(key, { lane, kind: TIME_KINDS[kind]!, onLane, on, us, times: 1 });
    } else {
      known.us += us;
      known.times++;
    }
  }

  waits(): Wait[] {
    return [...this.#sums.values()].sort((a, b) => a.lane - b.lane || b.us - a.us);
  }
}

/** What is waited for, as numbers below `count`: 0 for nothing, then tools, models, names and lanes. */
class Targets {
  readonly count: number;
  readonly #trace: SpanRows;
  readonly #lanes: Lanes;
  readonly #models: number;
  readonly #names: number;
  readonly #firstLane: number;

  constructor(trace: SpanRows, lanes: Lanes) {
    const { tool, model, name } = trace.dict;
    this.#trace = trace;
    this.#lanes = lanes;
    this.#models = 1 + tool.length;
    this.#names = this.#models + model.length;
    this.#firstLane = this.#names + name.length;
    this.count = this.#firstLane + lanes.lanes.length;
  }

  ofLane(lane: number): number {
    return this.#firstLane + lane;
  }

  /** By its tool, else its model, else its name; 0 for -1. */
  ofCall(row: number): number {
    if (row < 0) return 0;
    const { dict, tool, model, name } = this.#trace;
    if (dict.tool[tool[row] ?? 0]) return 1 + tool[row]!;
    if (dict.model[model[row] ?? 0]) return this.#models + model[row]!;
    return dict.name[name[row] ?? 0] ? this.#names + name[row]! : 0;
  }

  read(target: number): { readonly onLane: number; readonly on: string } {
    const { tool, model, name } = this.#trace.dict;
    if (target === 0) return { onLane: -1, on: "" };
    if (target < this.#models) return { onLane: -1, on: tool[target - 1]! };
    if (target < this.#names) return { onLane: -1, on: model[target - this.#models]! };
    if (target < this.#firstLane) return { onLane: -1, on: name[target - this.#names]! };
    const onLane = target - this.#firstLane;
    return { onLane, on: this.#lanes.lanes[onLane]?.label ?? "" };
  }
}
