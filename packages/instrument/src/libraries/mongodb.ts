import { MongoDBInstrumentation } from "@opentelemetry/instrumentation-mongodb";
import { onlyInTraces } from "../database/query-spans.ts";
import type { Library } from "../library.ts";
import { onlySince } from "../newer-versions.ts";

/** MongoDB by mongodb 4 to 7; the values of its commands are left out. */
export const mongodb: Library = {
  name: "mongodb",
  instrumentation: () =>
    onlyInTraces(onlySince(new MongoDBInstrumentation({ requireParentSpan: true }), "mongodb", "4.0.0")),
};
