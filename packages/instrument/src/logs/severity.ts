import type { SeverityNumber } from "@opentelemetry/api";

/** OpenTelemetry's severity of a level of pino and bunyan: 10 is trace, 60 is fatal, others lie between. */
export function severityOfNumber(level: number): SeverityNumber {
  return Math.min(24, Math.max(1, Math.round(1 + (level - 10) * 0.4)));
}

const BY_NAME: Readonly<Record<string, SeverityNumber>> = {
  silly: 1,
  trace: 1,
  input: 2,
  prompt: 4,
  debug: 5,
  verbose: 6,
  http: 7,
  log: 9,
  info: 9,
  notice: 10,
  data: 10,
  help: 11,
  warn: 13,
  warning: 13,
  error: 17,
  crit: 18,
  alert: 19,
  fatal: 21,
  emerg: 21,
};

/** The severity of a level that has a name, as winston, syslog and the console use it; 0 for any other. */
export function severityOfName(level: string): SeverityNumber {
  return BY_NAME[level.toLowerCase()] ?? 0;
}
