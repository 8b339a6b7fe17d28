import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import { onlyInTraces } from "../database/query-spans.ts";
import { sqlOperation, sqlWithoutValues } from "../database/sql-text.ts";
import type { Library } from "../library.ts";

/** PostgreSQL. */
export const pg: Library = {
  name: "pg",
  instrumentation: () => {
    const instrumentation = new PgInstrumentation({
      requireParentSpan: true,
      ignoreConnectSpans: true,
      requestHook: (span, { query, connection }) => {
        const operation = sqlOperation(query.text);
        span.setAttribute("db.query.text", sqlWithoutValues(query.text, "postgresql"));
        if (operation === "") return;
        span.setAttribute("db.operation.name", operation);
        span.updateName(`${operation} ${connection.database ?? ""}`.trim());
      },
    });
    return onlyInTraces(instrumentation);
  },
};
