import type { Logger } from "@opentelemetry/api";
import type { LogIds } from "./log-ids.ts";
import { logTime } from "./log-time.ts";
import { severityOfNumber } from "./severity.ts";

/** A line of pino or bunyan. */
export interface JsonLine {
  readonly text: string;
  readonly level: number;
  /** Name of the level; empty for a level without one. */
  readonly levelName: string;
  readonly messageKey: string;
  readonly errorKey: string;
}

/** Said by the record or by the resource already. */
const REDUNDANT = ["time", "level", "pid", "hostname", "v", "trace_id", "span_id", "trace_flags"];

/** The line with ids before its last brace; a field that it has already stays alone. */
export function withIds(line: string, ids: LogIds): string {
  const end = line.lastIndexOf("}");
  if (end < 0) return line;
  let added = "";
  for (const key in ids) {
    const name = `${JSON.stringify(key)}:`;
    if (!line.includes(name)) added += `,${name}${JSON.stringify(ids[key])}`;
  }
  const isEmpty = line.startsWith("{}");
  return line.slice(0, end) + (isEmpty ? added.slice(1) : added) + line.slice(end);
}

/** Sends a line as a log record of the active context; a line that is no JSON object becomes the body. */
export function sendJsonLine(logger: Logger, line: JsonLine): void {
  const head = {
    timestamp: logTime(),
    severityNumber: severityOfNumber(line.level),
    severityText: line.levelName,
  };
  const fields = objectOf(line.text);
  if (fields === undefined) {
    logger.emit({ ...head, body: line.text.trimEnd() });
    return;
  }
  const { [line.messageKey]: body, [line.errorKey]: error, ...attributes } = fields;
  for (const key of REDUNDANT) delete attributes[key];
  const exception = error === undefined || error === null ? {} : { exception: exceptionOf(error) };
  logger.emit({ ...head, body, attributes, ...exception });
}

function objectOf(text: string): Record<string, never> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, never>) : undefined;
  } catch {
    return undefined;
  }
}

/** The libraries write the class of an error under names of their own. */
function exceptionOf(error: unknown): unknown {
  if (typeof error !== "object" || error === null) return error;
  const { type, name, message, stack } = error as Record<string, unknown>;
  return { name: name ?? type, message, stack };
}
