import type { MetricKind, StoredMetricName } from "@clew/protocol/api/stored-metrics";
import type { Store } from "../../store/store.ts";
import { andAll, fragment, Parameters, type SqlFragment, statement } from "../sql.ts";
import { msOf } from "../trace-items.ts";
import { BudgetSpent, type PartialReason, SearchBudget } from "../traceql/search-budget.ts";
import { type MetricTime, pointsIn } from "./metric-rows.ts";

export interface MetricNamesRequest extends MetricTime {
  /** Part of the name, in any case of letters. */
  readonly text?: string;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface FoundMetricNames {
  readonly items: readonly StoredMetricName[];
  readonly isCut: boolean;
  readonly partial?: PartialReason;
}

interface NameRow {
  readonly name: string;
  readonly kind: MetricKind;
  readonly unit: string;
  readonly description: string;
  readonly point_count: number;
  readonly last_ns: string;
}

/** Of one answer. */
const MOST = 500;
const TIMEOUT_MS = 5000;
const MAX_BYTES = 8 * 1024 ** 3;

/** The metrics of which points were taken in a time; none when time or bytes do not suffice. */
export async function metricNames(store: Store, request: MetricNamesRequest): Promise<FoundMetricNames> {
  const { text, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES, signal } = request;
  const budget = new SearchBudget({ timeoutMs, maxBytes, signal });
  try {
    const parameters = new Parameters();
    const named =
      text === undefined
        ? []
        : [fragment`positionCaseInsensitiveUTF8(name, ${parameters.bind("String", text)}) > 0`];
    const items = await namesOf(store, budget, [...pointsIn(request, parameters), ...named], parameters);
    return { items: items.slice(0, MOST), isCut: items.length > MOST };
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    return { items: [], isCut: false, partial: error.reason };
  }
}

/** The metrics of some points, by name; at most one more than an answer has. */
export async function namesOf(
  store: Store,
  budget: SearchBudget,
  rows: readonly SqlFragment[],
  parameters: Parameters,
): Promise<StoredMetricName[]> {
  const sql = statement("metric-names", { rows: andAll(rows) });
  const found = await budget.run((options) => store.query<NameRow>(sql, options), {
    ...parameters.values,
    most: MOST + 1,
  });
  return found.map(({ name, kind, unit, description, point_count, last_ns }) => ({
    name,
    kind,
    unit,
    description,
    pointCount: point_count,
    lastMs: msOf(BigInt(last_ns)),
  }));
}
