import type { IntrinsicName } from "./intrinsics.ts";

/**
 * Intrinsics whose values `compare()` counts, beside all attributes of span, resource, events, links and
 * instrumentation: those with few values. Ids, times and counts say nothing there.
 */
export const COMPARED_INTRINSICS: readonly IntrinsicName[] = [
  "span:name",
  "span:status",
  "span:statusMessage",
  "span:kind",
  "trace:rootName",
  "trace:rootService",
  "event:name",
  "instrumentation:name",
  "instrumentation:version",
  "agent:name",
  "agent:type",
  "agent:model",
  "agent:provider",
  "agent:tool",
  "agent:error_type",
  "agent:test_case",
];
