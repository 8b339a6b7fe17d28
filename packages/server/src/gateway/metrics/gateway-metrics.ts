import type { RequestFacts, TryFacts } from "./request-facts.ts";

/** Counts what the gateway does. Each call costs a few microseconds; nothing here throws. */
export interface GatewayMetrics {
  /** To be followed by one `requestEnded`. */
  requestStarted(listener: string): void;
  tried(facts: TryFacts): void;
  requestEnded(facts: RequestFacts): void;
  /** Prometheus text format 0.0.4. */
  text(): string;
}
