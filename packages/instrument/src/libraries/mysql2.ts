import { MySQL2Instrumentation } from "@opentelemetry/instrumentation-mysql2";
import { onlyInTraces } from "../database/query-spans.ts";
import { sqlOperation, sqlWithoutValues } from "../database/sql-text.ts";
import type { Library } from "../library.ts";

/** MySQL and MariaDB. */
export const mysql2: Library = {
  name: "mysql2",
  instrumentation: () => {
    const instrumentation = new MySQL2Instrumentation({
      maskStatement: true,
      maskStatementHook: (sql) => sqlWithoutValues(sql, "mysql"),
    });
    return onlyInTraces(instrumentation, {
      name: (given, { attributes = {} }) => {
        const operation = sqlOperation(String(attributes["db.query.text"] ?? ""));
        if (operation === "") return given;
        attributes["db.operation.name"] = operation;
        return `${operation} ${attributes["db.namespace"] ?? ""}`.trim();
      },
    });
  },
};
