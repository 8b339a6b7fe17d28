import type { QueryOptions, Store } from "../../store/store.ts";
import { statement } from "../sql.ts";
import { type BucketRow, bucketOf } from "./bucket-row.ts";
import { BOUNDS_NS, Histogram } from "./histogram.ts";
import { SeriesTable } from "./series-table.ts";
import { statusName } from "./span-words.ts";
import { type BatchRange, parametersOf } from "./unread-batches.ts";

/** Names of the labels of what agents do, in order. */
export const OPERATION_LABELS = [
  ...["service", "agent", "type", "provider", "model", "tool", "status_code"],
] as const;

/** Names of the labels of what models used, in order. */
export const USAGE_LABELS = ["service", "agent", "provider", "model"] as const;

const MOST_SERIES = 1000;
const MOST_ROWS = 5000;

/** What models used; `cacheRead` and `cacheWrite` are part of `input`, `reasoning` of `output`. */
export interface Usage {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  reasoning: number;
  costUsd: number;
}

interface AgentRow extends BucketRow {
  readonly service: string;
  readonly agent: string;
  readonly type: string;
  readonly provider: string;
  readonly model: string;
  readonly tool: string;
  readonly status: number;
  readonly input_tokens: string;
  readonly output_tokens: string;
  readonly cache_read_tokens: string;
  readonly cache_write_tokens: string;
  readonly reasoning_tokens: string;
  readonly cost_usd: number;
}

/** What agents, models and tools did, by `OPERATION_LABELS`, and what it took, by `USAGE_LABELS`. */
export class AgentSeries {
  readonly operations = new SeriesTable(MOST_SERIES, () => new Histogram());
  readonly usage = new SeriesTable(
    MOST_SERIES,
    (): Usage => ({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0, costUsd: 0 }),
  );

  /** Asks for the spans of the batches; the function returned counts them. */
  async read(store: Store, range: BatchRange, options: QueryOptions): Promise<() => void> {
    const rows = await store.query<AgentRow>(statement("prometheus-agents"), {
      ...options,
      parameters: {
        ...parametersOf(range),
        bounds: BOUNDS_NS,
        most: MOST_ROWS,
      },
    });
    return () => {
      for (const row of rows) this.#count(row);
      this.operations.leaveOutBeyond(rows);
    };
  }

  #count(row: AgentRow): void {
    const { service, agent, type, provider, model, tool, status } = row;
    const calls = Number(row.calls);
    const labels = [service, agent, type, provider, model, tool, statusName(status)];
    this.operations.at(labels, calls)?.add(bucketOf(row));
    const used = {
      input: Number(row.input_tokens),
      output: Number(row.output_tokens),
      cacheRead: Number(row.cache_read_tokens),
      cacheWrite: Number(row.cache_write_tokens),
      reasoning: Number(row.reasoning_tokens),
      costUsd: row.cost_usd,
    };
    if (Object.values(used).every((amount) => amount === 0)) return;
    const sums = this.usage.at([service, agent, provider, model], calls);
    if (sums === undefined) return;
    for (const key of Object.keys(used) as (keyof Usage)[]) sums[key] += used[key];
  }
}
