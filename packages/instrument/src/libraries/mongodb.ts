import { MongoDBInstrumentation } from "@opentelemetry/instrumentation-mongodb";
import { onlyInTraces } from "../database/query-spans.ts";
import type { Library } from "../library.ts";

/** MongoDB; the values of its commands are left out. */
export const mongodb: Library = {
  name: "mongodb",
  instrumentation: () => onlyInTraces(new MongoDBInstrumentation({ requireParentSpan: true })),
};
