import type { Store } from "../../store/store.ts";
import { fragment, type Parameters, type SqlFragment, statement } from "../sql.ts";
import { END_OF_TIME_S, minuteOf } from "../time-windows.ts";
import type { SearchBudget } from "../traceql/search-budget.ts";
import { type Stretch, stretchesOf } from "../traceql/stretches.ts";
import type { LogSelection } from "./log-selection.ts";
import { AT_NS, happenedIn } from "./log-time.ts";

/** The records of a selection that happened from one moment, inclusive, to another, exclusive. */
export interface LogsInTime {
  readonly selection: LogSelection;
  readonly fromNs?: bigint | undefined;
  readonly toNs?: bigint | undefined;
}

/** Goes back through the records in stretches; all at once where an index leads to the rows. */
export async function* logStretches(
  store: Store,
  { selection, fromNs, toNs }: LogsInTime,
  budget: () => SearchBudget,
): AsyncGenerator<Stretch, void> {
  const to = toNs === undefined ? END_OF_TIME_S : Math.min(END_OF_TIME_S, minuteOf(toNs) + 60);
  const floor = fromNs === undefined ? 0 : minuteOf(fromNs);
  if (selection.isRare) {
    yield { from: floor, to, isLast: true };
    return;
  }
  yield* stretchesOf({ to, floor }, async (end, rows) => {
    const [start] = await budget().run(
      (options) =>
        store.query<{ window_from: number; row_count: number }>(statement("logs-window-start"), options),
      { window_to: end, window_rows: rows, floor },
      "lookup",
    );
    const found = start?.row_count ?? 0;
    const isLast = found < rows;
    // Records without a time are counted where the epoch begins, wherever they were observed.
    return { from: isLast ? floor : Math.max(floor, start!.window_from), rows: found, isLast };
  });
}

/** The conditions on rows of `logs` for those records that happened in a stretch. */
export function rowsWithin(
  { from, to }: Pick<Stretch, "from" | "to">,
  { selection, fromNs, toNs }: LogsInTime,
  parameters: Parameters,
): SqlFragment[] {
  return [
    happenedIn(from, to, parameters),
    ...(fromNs === undefined ? [] : [fragment`${AT_NS} >= ${parameters.bind("Int64", fromNs)}`]),
    ...(toNs === undefined ? [] : [fragment`${AT_NS} < ${parameters.bind("Int64", toNs)}`]),
    ...selection.rows(parameters),
  ];
}
