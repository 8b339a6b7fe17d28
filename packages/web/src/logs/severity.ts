import { SEVERITIES, type SeverityName, severityLevel } from "@clew/protocol/log-query/severity";

/** How severe a record is; `unset` when it does not say. */
export type Severity = SeverityName | "unset";

/** Numbers say it; a text alone only where it is one of OpenTelemetry's words. */
export function severityOf(record: {
  readonly severityNumber: number;
  readonly severityText: string;
}): Severity {
  const level = severityLevel(record.severityNumber);
  if (level > 0) return SEVERITIES[level - 1]!;
  const text = record.severityText.trim().toLowerCase();
  return SEVERITIES.find((name) => name === text || (name === "warn" && text === "warning")) ?? "unset";
}
