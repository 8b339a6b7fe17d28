/** The spans of one trace, each once, by start and then by id. */
export interface TraceSpans {
  readonly count: number;
  readonly ids: readonly string[];
  /** Empty for a root. */
  readonly parentIds: readonly string[];
  /** Nanoseconds since the epoch. */
  readonly starts: readonly bigint[];
  /** Nanoseconds; 0 while the span runs. */
  readonly durations: readonly bigint[];
}

/** Who has no parent in the trace. */
export const NOBODY = -1;

/** How the spans of one trace stand to one another. Spans are their indexes. Linear but for rings' rarely asked parts. */
export class TraceTree {
  readonly spans: TraceSpans;
  /** Of spans with one id the first is the parent. `NOBODY` for roots, and where the parent is not in the trace. */
  readonly parents: Int32Array;
  /** A number that spans with the same parent id share. */
  readonly families: Int32Array;
  readonly childCounts: Int32Array;
  /** The first root; `NOBODY` when there is none. */
  readonly root: number;
  #downwards: Int32Array | undefined;
  #nestedSets: NestedSets | undefined;

  constructor(spans: TraceSpans) {
    const { count, ids, parentIds } = spans;
    const byId = new Map<string, number>();
    for (let span = 0; span < count; span++) if (!byId.has(ids[span]!)) byId.set(ids[span]!, span);
    const families = new Map<string, number>();
    this.spans = spans;
    this.parents = new Int32Array(count).fill(NOBODY);
    this.families = new Int32Array(count);
    this.childCounts = new Int32Array(count);
    this.root = parentIds.indexOf("");
    for (let span = 0; span < count; span++) {
      const parentId = parentIds[span]!;
      const parent = parentId === "" ? undefined : byId.get(parentId);
      let family = families.get(parentId);
      if (family === undefined) families.set(parentId, (family = families.size));
      this.families[span] = family;
      if (parent === undefined) continue;
      this.parents[span] = parent;
      this.childCounts[parent]! += 1;
    }
  }

  /** Nanoseconds from the first start to the last end. */
  get duration(): bigint {
    const { starts, durations } = this.spans;
    let end = starts[0]!;
    for (const [span, start] of starts.entries()) {
      const last = durations[span]! > 0n ? start + durations[span]! : start;
      if (last > end) end = last;
    }
    return end - starts[0]!;
  }

  /** All spans, every one behind its parent. Of a ring of parents one span is cut off and comes first. */
  get downwards(): Int32Array {
    this.#downwards ??= this.#walk();
    return this.#downwards;
  }

  get nestedSets(): NestedSets {
    this.#nestedSets ??= nestedSets(this);
    return this.#nestedSets;
  }

  /** The spans of each ring of parents, which only broken traces have. */
  get rings(): readonly (readonly number[])[] {
    const { count } = this.spans;
    const seenBy = new Int32Array(count).fill(-1);
    const found: number[][] = [];
    for (let from = 0; from < count; from++) {
      let span = from;
      while (span !== NOBODY && seenBy[span] === -1) {
        seenBy[span] = from;
        span = this.parents[span]!;
      }
      if (span === NOBODY || seenBy[span] !== from) continue;
      const ring = [span];
      for (let next = this.parents[span]!; next !== span; next = this.parents[next]!) ring.push(next);
      found.push(ring);
    }
    return found;
  }

  #walk(): Int32Array {
    const { count } = this.spans;
    const children = childLists(this);
    const order = new Int32Array(count);
    let filled = 0;
    const isPlaced = new Uint8Array(count);
    const place = (span: number) => {
      isPlaced[span] = 1;
      order[filled++] = span;
    };
    for (let span = 0; span < count; span++) if (this.parents[span] === NOBODY) place(span);
    for (const [first] of this.rings) place(first!);
    for (let at = 0; at < filled; at++) {
      for (const child of children(order[at]!)) if (isPlaced[child] === 0) place(child);
    }
    return order;
  }
}

/** The children of spans in order, without a list per span. */
function childLists({ spans: { count }, parents, childCounts }: TraceTree): (span: number) => Int32Array {
  const starts = new Int32Array(count + 1);
  for (let span = 0; span < count; span++) starts[span + 1] = starts[span]! + childCounts[span]!;
  const filled = starts.slice(0, count);
  const all = new Int32Array(starts[count]!);
  for (let span = 0; span < count; span++) {
    const parent = parents[span]!;
    if (parent !== NOBODY) all[filled[parent]!++] = span;
  }
  return (span) => all.subarray(starts[span]!, starts[span + 1]!);
}

/** Numbers on the way down and up from each root, as Tempo has them; all 0 for spans that no root leads to. */
export interface NestedSets {
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** -1 for a root. */
  readonly parent: Int32Array;
}

function nestedSets(tree: TraceTree): NestedSets {
  const { count, parentIds } = tree.spans;
  const children = childLists(tree);
  const sets = {
    left: new Int32Array(count),
    right: new Int32Array(count),
    parent: new Int32Array(count),
  };
  let next = 1;
  for (let root = 0; root < count; root++) {
    if (parentIds[root] !== "") continue;
    const open = [{ span: root, child: 0 }];
    sets.left[root] = next++;
    sets.parent[root] = -1;
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const child = children(top.span)[top.child++];
      if (child === undefined) {
        sets.right[top.span] = next++;
        open.pop();
      } else {
        sets.left[child] = next++;
        sets.parent[child] = sets.left[top.span]!;
        open.push({ span: child, child: 0 });
      }
    }
  }
  return sets;
}
