import type { Store } from "../store/store.ts";
import { linkedTraceIds } from "./correlations.ts";
import { type Keyed, Lookup } from "./lookup.ts";
import { statement } from "./sql.ts";
import { settingsForIds } from "./trace-summary.ts";

export interface FirstSpan {
  readonly id: string;
  readonly name: string;
  readonly service_name: string;
}

export interface FirstError {
  readonly id: string;
  readonly span_id: string;
  readonly error_type: string;
  readonly message: string;
  readonly service_name: string;
  readonly agent_name: string;
}

/** A trace, and when it begins. */
interface Begun extends Keyed {
  readonly startNs: bigint;
}

/** What the lines of a list show beyond the summaries of their traces. */
export interface TraceExtras {
  /** The traces a trace is linked with. */
  readonly links: Lookup<Keyed, string[]>;
  /** The error span that ended first. */
  readonly errors: Lookup<Begun, FirstError>;
  /** The earliest span. */
  readonly firsts: Lookup<Begun, FirstSpan>;
}

export function traceExtras(store: Store, signal?: AbortSignal): TraceExtras {
  const spans =
    <Row extends Keyed>(name: string) =>
    async (traces: readonly Begun[]): Promise<Map<string, Row>> => {
      let from = traces[0]!.startNs;
      for (const { startNs } of traces) if (startNs < from) from = startNs;
      const rows = await store.query<Row>(statement(name), {
        parameters: { ids: traces.map(({ id }) => id), from_ns: from },
        settings: settingsForIds(traces.length),
        ...(signal && { signal }),
      });
      return new Map(rows.map((row) => [row.id, row]));
    };
  return {
    links: new Lookup((traces) =>
      linkedTraceIds(
        store,
        traces.map(({ id }) => id),
        signal,
      ),
    ),
    errors: new Lookup(spans<FirstError>("first-errors")),
    firsts: new Lookup(spans<FirstSpan>("first-spans")),
  };
}
