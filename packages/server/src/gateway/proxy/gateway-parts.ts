import type { Logger } from "../../log.ts";
import type { SpanSink } from "../export/span-sink.ts";
import type { GatewayMetrics } from "../metrics/gateway-metrics.ts";
import type { RequestFacts } from "../metrics/request-facts.ts";
import type { Recorder, Replayer } from "../record/recorder.ts";
import type { CostOf } from "../understand/call.ts";

/** What the proxy tells and asks; a new configuration brings new ones, and requests under way keep theirs. */
export interface GatewayParts {
  readonly sink: SpanSink;
  readonly metrics: GatewayMetrics;
  /** One request that is over; undefined when nobody reads along. */
  readonly accessLog: ((facts: RequestFacts) => void) | undefined;
  readonly recorder: Recorder | undefined;
  readonly replayer: Replayer | undefined;
  readonly cost: CostOf;
  readonly log: Logger;
}
