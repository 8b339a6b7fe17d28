import type { Store } from "../store/store.ts";
import { extentOf } from "./extent.ts";
import { POINT_LOOKUP, SCAN } from "./query-settings.ts";
import { fragment, Parameters, type SqlFragment, statement } from "./sql.ts";
import { ID_NAMES, type IdName } from "./trace-conditions.ts";

/** A row of `trace-summaries.sql`. */
interface PartialRow extends Readonly<Record<IdName, string>> {
  readonly id: string;
  readonly start_ns: string;
  readonly end_ns: string;
  readonly span_count: string;
  readonly error_count: string;
  readonly model_call_count: string;
  readonly tool_call_count: string;
  readonly root_name: string;
  readonly root_service: string;
  readonly root_status: number;
  readonly root_ended: number;
  readonly services: readonly string[];
  readonly agents: readonly string[];
  readonly models: readonly string[];
  readonly input_tokens: string;
  readonly output_tokens: string;
  readonly cache_read_tokens: string;
  readonly cost_usd: number;
}

/** What `traces` says about one trace, its partial rows added up. */
export interface TraceSummary {
  /** 32 lower-case hex digits. */
  readonly id: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly spanCount: number;
  readonly errorCount: number;
  readonly modelCalls: number;
  readonly toolCalls: number;
  /** Empty, like the service, when no root has arrived. */
  readonly rootName: string;
  readonly rootService: string;
  readonly rootStatus: number;
  /** The root has begun and not ended. */
  readonly isRunning: boolean;
  /** Sorted, like agents and models. */
  readonly services: readonly string[];
  readonly agents: readonly string[];
  readonly models: readonly string[];
  /** Those its own spans carry; empty text for none. */
  readonly ids: Readonly<Record<IdName, string>>;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly costUsd: number;
}

/** Above this many ids an index over ids excludes nothing, and costs more than reading. */
const INDEXED_IDS = 1000;

/** Settings for a statement that looks for this many traces by id. */
export function settingsForIds(count: number): Readonly<Record<string, string | number>> {
  return count > INDEXED_IDS ? { ...SCAN, use_skip_indexes: 0 } : POINT_LOOKUP;
}

/** Summaries of those of the traces that are stored, newest first. */
export async function traceSummaries(
  store: Store,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<TraceSummary[]> {
  if (ids.length === 0) return [];
  const parameters = new Parameters();
  const list = parameters.bind("Array(String)", ids);
  const traces = fragment`SELECT toFixedString(unhex(arrayJoin(${list})), 16)`;
  return summariesOf(store, { traces, parameters, settings: settingsForIds(ids.length) }, signal);
}

/** Which traces to summarise. */
export interface SummaryRequest {
  /** A SELECT of one column `trace_id`: finding traces and reading their summaries is one statement then. */
  readonly traces: SqlFragment;
  readonly parameters: Parameters;
  readonly settings: Readonly<Record<string, string | number>>;
}

/** Summaries of traces, newest first. */
export async function summariesOf(
  store: Store,
  { traces, parameters, settings }: SummaryRequest,
  signal?: AbortSignal,
): Promise<TraceSummary[]> {
  const rows = await store.query<PartialRow>(statement("trace-summaries", { traces }), {
    parameters: parameters.values,
    settings,
    ...(signal && { signal }),
  });
  const parts = Map.groupBy(rows, (row) => row.id);
  return [...parts].map(([id, of]) => addUp(id, of)).sort(newestFirst);
}

/** The order of every list of traces. */
export function newestFirst(
  a: Pick<TraceSummary, "startNs" | "id">,
  b: Pick<TraceSummary, "startNs" | "id">,
): number {
  if (a.startNs !== b.startNs) return a.startNs < b.startNs ? 1 : -1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? 1 : -1;
}

function addUp(id: string, parts: readonly PartialRow[]): TraceSummary {
  const sum = (of: (part: PartialRow) => string | number) =>
    parts.reduce((total, part) => total + Number(of(part)), 0);
  const greatest = (of: (part: PartialRow) => string) => parts.map(of).sort().at(-1) ?? "";
  const all = (of: (part: PartialRow) => readonly string[]) => [...new Set(parts.flatMap(of))].sort();
  const rootName = greatest((part) => part.root_name);
  const rootService = greatest((part) => part.root_service);
  return {
    id,
    ...extentOf(
      parts,
      (part) => BigInt(part.start_ns),
      (part) => BigInt(part.end_ns),
    ),
    spanCount: sum((part) => part.span_count),
    errorCount: sum((part) => part.error_count),
    modelCalls: sum((part) => part.model_call_count),
    toolCalls: sum((part) => part.tool_call_count),
    rootName,
    rootService,
    rootStatus: parts.reduce((most, part) => Math.max(most, part.root_status), 0),
    isRunning: rootName + rootService !== "" && parts.every((part) => part.root_ended === 0),
    services: all((part) => part.services),
    agents: all((part) => part.agents),
    models: all((part) => part.models),
    ids: Object.fromEntries(ID_NAMES.map((name) => [name, greatest((part) => part[name])])) as Record<
      IdName,
      string
    >,
    inputTokens: sum((part) => part.input_tokens),
    outputTokens: sum((part) => part.output_tokens),
    cacheReadTokens: sum((part) => part.cache_read_tokens),
    costUsd: sum((part) => part.cost_usd),
  };
}
