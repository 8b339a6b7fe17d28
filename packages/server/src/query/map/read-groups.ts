import type { Store } from "../../store/store.ts";
import { statement } from "../sql.ts";
import type { SearchBudget } from "../traceql/search-budget.ts";
import type { TraceGroup } from "./group-traces.ts";
import type { MapLimits } from "./map-limits.ts";
import { type SpanTable, spanTable } from "./span-table.ts";

/** A group with the spans of its traces. */
export interface ReadGroup {
  readonly group: TraceGroup;
  readonly table: SpanTable;
}

const ID_DIGITS = 32;

/** Reads groups in their order, the next while one is worked on. Throws `BudgetSpent`. */
export async function* readGroups(
  store: Store,
  groups: AsyncIterable<TraceGroup>,
  budget: SearchBudget,
  limits: MapLimits,
): AsyncGenerator<ReadGroup, void> {
  yield* oneAhead(inParts(store, groups, budget, limits));
}

async function* inParts(
  store: Store,
  groups: AsyncIterable<TraceGroup>,
  budget: SearchBudget,
  limits: MapLimits,
): AsyncGenerator<ReadGroup, void> {
  for await (const group of groups) {
    const waiting = [group];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const table = await read(store, next, budget, limits.rowsAtOnce);
      if (table.read < limits.rowsAtOnce) yield { group: next, table };
      else if (next.count > 1) waiting.push(...halves(next));
      else yield { group: { ...next, tooLarge: next.tooLarge + 1 }, table: spanTable(new Uint8Array(0)) };
    }
  }
}

async function read(store: Store, group: TraceGroup, budget: SearchBudget, most: number): Promise<SpanTable> {
  if (group.count === 0) return spanTable(new Uint8Array(0));
  const parameters = { ids: group.ids, from_ns: group.fromNs, to_ns: group.toNs, most };
  return spanTable(
    await budget.run((options) => store.queryBytes(statement("map-spans"), "Native", options), parameters),
  );
}

/** The newer one last. */
function halves({ doneToNs, ...group }: TraceGroup): TraceGroup[] {
  const middle = Math.ceil(group.count / 2);
  const at = middle * ID_DIGITS;
  return [
    {
      ...group,
      ids: group.ids.slice(at),
      count: group.count - middle,
      ...(doneToNs !== undefined && { doneToNs }),
    },
    { ...group, ids: group.ids.slice(0, at), count: middle, tooLarge: 0 },
  ];
}

async function* oneAhead<Item>(source: AsyncGenerator<Item, void>): AsyncGenerator<Item, void> {
  let next = source.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = source.next();
      // Told when it is waited for.
      next.catch(() => undefined);
      yield value as Item;
    }
  } finally {
    await source.return();
  }
}
