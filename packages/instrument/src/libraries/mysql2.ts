import { MySQL2Instrumentation } from "@opentelemetry/instrumentation-mysql2";
import { onlyInTraces } from "../database/query-spans.ts";
import { sqlOperation, sqlWithoutValues } from "../database/sql-text.ts";
import type { Library } from "../library.ts";
import { onlySince } from "../newer-versions.ts";

/** MySQL and MariaDB by mysql2 3; before, tracing has Node warn of a circular dependency. */
export const mysql2: Library = {
  name: "mysql2",
  instrumentation: () => {
    const instrumentation = new MySQL2Instrumentation({
      maskStatement: true,
      maskStatementHook: (sql) => sqlWithoutValues(sql, "mysql"),
    });
    return onlyInTraces(onlySince(instrumentation, "mysql2", "3.0.0"), {
      name: (given, { attributes = {} }) => {
        const operation = sqlOperation(String(attributes["db.query.text"] ?? ""));
        if (operation === "") return given;
        attributes["db.operation.name"] = operation;
        return `${operation} ${attributes["db.namespace"] ?? ""}`.trim();
      },
    });
  },
};
