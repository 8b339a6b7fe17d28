import {
  type Lanes,
  type SpanRows,
  type SpanTree,
  TIME_KINDS,
  type TimeKind,
  type TraceClock,
  type Wait,
} from "./analysis.ts";
import { backWalk } from "./back-walk.ts";
import { lastEnds, lastEndsAround } from "./span-ends.ts";
import { gapKind, type TimeOwner } from "./time-owner.ts";

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
  awaited: Float64Array,
  owners: TimeOwner,
): Wait[] {
  const { laneOf, runs } = lanes;
  const isEntry = new Uint8Array(tree.n);
  for (const row of runs.entry) isEntry[row] = 1;
  const last = lastEndsAround(lastEnds(tree, clock, runs), lastEnds(tree, clock), isEntry);
  const targets = new Targets(trace, lanes);
  const sums = new Map<number, { -readonly [Field in keyof Wait]: Wait[Field] }>();
  const add = (lane: number, kind: number, target: number, us: number): void => {
    const key = (lane * TIME_KINDS.length + kind) * targets.count + target;
    const known = sums.get(key);
    if (known === undefined) {
      const { onLane, on } = targets.read(target);
      sums.set(key, { lane, kind: TIME_KINDS[kind]!, onLane, on, us, times: 1 });
    } else {
      known.us += us;
      known.times++;
    }
  };
  const [self, waiting, idle] = ["self", "waiting", "idle"].map((kind) =>
    TIME_KINDS.indexOf(kind as TimeKind),
  ) as [number, number, number];
  const own = (row: number, fromUs: number, toUs: number): void => {
    const kind = owners.kind[row]!;
    const onLane = kind === waiting ? owners.onLane[row]! : -1;
    const target = onLane >= 0 ? targets.ofLane(onLane) : targets.ofCall(owners.owner[row]!);
    add(laneOf[row]!, kind, target, toUs - fromUs);
  };
  const isWhole = (row: number): boolean => isEntry[row] === 1;
  const walk = backWalk({ trace, tree, clock, awaited, last, isWhole });
  for (let run = 0; run < runs.count; run++) {
    const entry = runs.entry[run]!;
    const lane = laneOf[entry]!;
    walk(entry, runs.end[run]!, {
      own,
      whole: (row, fromUs, toUs) => {
        const on = laneOf[row]!;
        const isOwn = on === lane;
        add(lane, isOwn ? self : waiting, isOwn ? 0 : targets.ofLane(on), toUs - fromUs);
      },
      gap: (next, fromUs, toUs) => {
        const kind = gapKind(trace, tree, next);
        add(lane, kind, kind === idle ? 0 : targets.ofCall(next), toUs - fromUs);
      },
    });
  }
  return [...sums.values()].sort((a, b) => a.lane - b.lane || b.us - a.us);
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
