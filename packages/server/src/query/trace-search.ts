import type { Store } from "../store/store.ts";
import { spanConditions, summaryConditions } from "./filter.ts";
import { POINT_LOOKUP } from "./query-settings.ts";
import { andAll, type Parameters, type SqlFragment, statement } from "./sql.ts";
import { hasTextIndex } from "./text-index.ts";
import type { IdName, TraceConditions } from "./trace-conditions.ts";
import type { TraceCursor } from "./trace-cursor.ts";
import { type TraceExtras, traceExtras } from "./trace-extras.ts";

/** A trace that was found, and where. */
export interface TraceKey {
  readonly id: string;
  readonly startNs: bigint;
  /** Whether the rows that were looked at count an error, or have no root; there may be more rows. */
  readonly hasError: boolean;
  readonly isRootless: boolean;
}

interface KeyRow {
  readonly id: string;
  readonly start_ns: string;
  readonly has_error: number;
  readonly is_rootless: number;
}

/** Which traces a statement looks at, and how many it hands out. */
export interface KeyRequest {
  readonly parameters: Parameters;
  /** Condition on rows of `traces`. */
  readonly rows: SqlFragment;
  /** Condition that confines the spans which conditions look at. */
  readonly spans: SqlFragment;
  readonly after: TraceCursor | undefined;
  /** Before which they begin, besides what the conditions say. */
  readonly toNs?: bigint | undefined;
  readonly most: number;
  /** An id condition that holds for all of them. */
  readonly holds?: IdName | undefined;
  readonly settings: Readonly<Record<string, string | number>>;
}

/** What to look for, prepared: what must be asked of the store before conditions can be written is known. */
export class TraceSearch {
  readonly store: Store;
  readonly conditions: TraceConditions;
  readonly signal: AbortSignal | undefined;
  /** Resources that have one of the texts, for each attribute condition. */
  readonly resourceIds: readonly (readonly bigint[])[];
  /** What the lines of a page show beyond summaries; begun to be fetched as soon as traces are found. */
  readonly extras: TraceExtras;
  readonly #hasTextIndex: boolean;

  private constructor(
    store: Store,
    conditions: TraceConditions,
    signal: AbortSignal | undefined,
    resourceIds: readonly (readonly bigint[])[],
    textIndex: boolean,
  ) {
    this.store = store;
    this.conditions = conditions;
    this.signal = signal;
    this.resourceIds = resourceIds;
    this.extras = traceExtras(store, signal);
    this.#hasTextIndex = textIndex;
  }

  static async prepare(
    store: Store,
    conditions: TraceConditions,
    signal?: AbortSignal,
  ): Promise<TraceSearch> {
    const { attributes = [], text } = conditions;
    const [textIndex, ...resourceIds] = await Promise.all([
      text === undefined ? false : hasTextIndex(store),
      ...attributes.map((attribute) => resourcesWith(store, attribute, signal)),
    ]);
    return new TraceSearch(store, conditions, signal, resourceIds, textIndex);
  }

  /** Traces for which the conditions hold, newest first. */
  async keys(request: KeyRequest): Promise<TraceKey[]> {
    const { parameters, spans, after, most, holds, settings } = request;
    const conditions = endingAt(this.conditions, request.toNs);
    const slots = {
      rows: andAll([request.rows]),
      span_conditions: this.spanConditions(parameters, spans, holds),
      summary_conditions: andAll(summaryConditions(conditions, parameters, after)),
    };
    const bound = { ...parameters.values, most };
    const rows = await this.query<KeyRow>("find-trace-keys", bound, slots, settings);
    const keys = rows.map((row) => ({
      id: row.id,
      startNs: BigInt(row.start_ns),
      hasError: row.has_error === 1,
      isRootless: row.is_rootless === 1,
    }));
    this.extras.links.prefetch(keys);
    this.extras.errors.prefetch(keys.filter((key) => key.hasError));
    this.extras.firsts.prefetch(keys.filter((key) => key.isRootless));
    return keys;
  }

  /** Conditions on `trace_id` that need the spans, those of `scope`; `holds` names an id condition known to hold. */
  spanConditions(parameters: Parameters, scope: SqlFragment, holds?: IdName): SqlFragment {
    const { conditions, resourceIds } = this;
    const context = { parameters, scope, resourceIds, hasTextIndex: this.#hasTextIndex };
    return andAll(spanConditions(conditions, context, holds));
  }

  query<Row>(
    name: string,
    parameters: Parameters["values"],
    slots: Readonly<Record<string, SqlFragment>> = {},
    settings: Readonly<Record<string, string | number>> = POINT_LOOKUP,
  ): Promise<Row[]> {
    const { signal } = this;
    return this.store.query<Row>(statement(name, slots), { parameters, settings, ...(signal && { signal }) });
  }
}

function endingAt(conditions: TraceConditions, toNs: bigint | undefined): TraceConditions {
  const isEarlier = toNs !== undefined && (conditions.toNs === undefined || toNs < conditions.toNs);
  return isEarlier ? { ...conditions, toNs } : conditions;
}

async function resourcesWith(
  store: Store,
  attribute: { readonly key: string; readonly values: readonly string[] },
  signal: AbortSignal | undefined,
): Promise<bigint[]> {
  const rows = await store.query<{ resource_id: string }>(statement("resources-with-attribute"), {
    parameters: { key: attribute.key, values: attribute.values },
    settings: POINT_LOOKUP,
    ...(signal && { signal }),
  });
  return rows.map((row) => BigInt(row.resource_id));
}
