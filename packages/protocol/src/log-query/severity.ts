/** The levels of OpenTelemetry's severity numbers, each of which has four of them: warn is 13 to 16. */
export const SEVERITIES = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

export type SeverityName = (typeof SEVERITIES)[number];

/** 1 for trace to 6 for fatal; 0 for a number that says nothing. Numbers beyond those of fatal count as fatal. */
export function severityLevel(severityNumber: number): number {
  return severityNumber <= 0 ? 0 : Math.min(SEVERITIES.length, Math.ceil(severityNumber / 4));
}
