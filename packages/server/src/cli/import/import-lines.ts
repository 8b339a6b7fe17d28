import { printable } from "../../printable.ts";
import { paint } from "../screen/paint.ts";
import { exact, many } from "../screen/quantities.ts";
import type { Screen } from "../screen/screen.ts";
import type { ImportResult } from "./tally.ts";

const MOST_REASONS = 20;

/** What an import came to, for people. */
export function importLines(result: ImportResult, screen: Screen): string[] {
  const { traces, logs, metrics } = result.accepted;
  const kinds = [
    ...(traces > 0 || logs + metrics === 0 ? [many(traces, "span")] : []),
    ...(logs > 0 ? [many(logs, "log record")] : []),
    ...(metrics > 0 ? [many(metrics, "metric")] : []),
  ];
  const formats = [...new Set(result.files.flatMap(({ format }) => format ?? []))];
  const from = `from ${many(result.files.length, "file")}${formats.length > 0 ? ` (${formats.join(", ")})` : ""}`;
  const faults = result.files.filter(({ fault }) => fault !== undefined);
  return [
    `Imported ${kinds.join(", ")} ${from}`,
    ...(result.rejected > 0 ? [paint(screen, "red", `Rejected ${exact(result.rejected)}:`)] : []),
    ...result.reasons
      .slice(0, MOST_REASONS)
      .map(({ reason, count }) => `  ${exact(count).padStart(6)} x ${printable(reason)}`),
    ...(result.reasons.length > MOST_REASONS
      ? [`  and ${result.reasons.length - MOST_REASONS} other reasons`]
      : []),
    ...faults.map(
      ({ file, fault }) => `${paint(screen, "red", "Cannot be read:")} ${file}: ${printable(fault ?? "")}`,
    ),
  ];
}
