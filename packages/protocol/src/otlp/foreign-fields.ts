import { nanosFromMicros } from "../time.ts";
import { describeJson } from "./malformed-json.ts";

/** A span in another format that cannot be understood; the message is the `reason` of a `RejectedSpan`. */
export class BadSpan extends Error {}

/** An object's fields, none of which is checked. */
export type Fields = Readonly<Record<string, unknown>>;

/** `path` is empty for the span itself. */
export function wrong(path: string, expected: string, value: unknown): BadSpan {
  const came = value === undefined ? "nothing" : describeJson(value);
  return new BadSpan(`${path === "" ? "" : `${path}: `}expected ${expected}, came ${came}`);
}

/** This and the functions below throw `BadSpan`. */
export function record(path: string, value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(path, "an object", value);
  return value as Fields;
}

/** Empty when absent. */
export function list(path: string, value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(path, "an array", value);
  return value;
}

/** Empty when absent. */
export function text(path: string, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw wrong(path, "a text", value);
  return value;
}

/** Lower-case hex of `digits` digits, with the zeros in front that Zipkin and Jaeger may leave out. */
export function id(path: string, value: unknown, digits: 16 | 32): string {
  const isHex =
    typeof value === "string" && value.length <= digits && /^[0-9a-f]*[1-9a-f][0-9a-f]*$/i.test(value);
  if (!isHex) throw wrong(path, `up to ${digits} hex digits that are not all zero`, value);
  return value.toLowerCase().padStart(digits, "0");
}

/** Nanoseconds of a field in microseconds. */
export function micros(path: string, value: unknown): bigint {
  const nanos = nanosFromMicros(value);
  if (nanos === undefined) throw wrong(path, "microseconds", value);
  return nanos;
}

/** Start and end as OTLP writes them. */
export function timesOf(
  start: bigint,
  duration: bigint,
): { startTimeUnixNano: string; endTimeUnixNano: string } {
  const end = start + duration;
  if (end >= 1n << 64n) throw new BadSpan("duration: the end is past what OTLP can write");
  return { startTimeUnixNano: String(start), endTimeUnixNano: String(end) };
}
