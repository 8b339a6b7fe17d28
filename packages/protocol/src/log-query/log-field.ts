import type { Field, Located } from "../traceql/ast.ts";
import type { ValueType } from "../traceql/intrinsics.ts";
import { SEVERITIES, type SeverityName } from "./severity.ts";

/** What type a field of log records has; severities compare with each other only. */
export type LogType = ValueType | "severity";

export interface LogIntrinsicInfo {
  readonly type: LogType;
  /** The name it also has without a scope. */
  readonly alias?: string;
  /** A record may be without it, so that `= nil` is a question. */
  readonly optional?: true;
  /** One line for people. */
  readonly about: string;
}

/**
 * Fields that log records have without anybody setting an attribute, named as in OpenTelemetry's log data model.
 *
 * Those of `agent:` are what the record itself carries, as in TraceQL.
 */
export const LOG_INTRINSICS = {
  "log:severity": {
    type: "severity",
    alias: "severity",
    optional: true,
    about: "trace, debug, info, warn, error or fatal",
  },
  "log:severityNumber": { type: "int", optional: true, about: "1 to 24" },
  "log:severityText": { type: "string", optional: true, about: "the severity as the source calls it" },
  "log:body": {
    type: "string",
    alias: "body",
    optional: true,
    about: "text of the body; JSON where it is a map or an array",
  },
  "log:eventName": { type: "string", optional: true, about: "name of the event that the record tells of" },
  "log:traceId": { type: "string", optional: true, about: "32 hexadecimal digits" },
  "log:spanId": { type: "string", optional: true, about: "16 hexadecimal digits" },
  "log:flags": { type: "int", about: "trace flags; 1 when the trace was sampled" },
  "instrumentation:name": { type: "string", about: "library that made the record" },
  "instrumentation:version": { type: "string", about: "version of the library that made the record" },
  "agent:session": { type: "string", optional: true, about: "session id" },
  "agent:conversation": { type: "string", optional: true, about: "conversation id" },
  "agent:task": { type: "string", optional: true, about: "task id" },
  "agent:test_case": { type: "string", optional: true, about: "test case id" },
  "agent:test_run": { type: "string", optional: true, about: "test run id" },
  "agent:user": { type: "string", optional: true, about: "user id" },
} as const satisfies Readonly<Record<string, LogIntrinsicInfo>>;

export type LogIntrinsicName = keyof typeof LOG_INTRINSICS;

/** The intrinsics with what is known of them. */
export const LOG_INTRINSIC_ENTRIES = Object.entries(LOG_INTRINSICS) as [LogIntrinsicName, LogIntrinsicInfo][];

/** Scopes that have attributes: `log.x`. */
export const LOG_SCOPES = ["log", "resource", "instrumentation"] as const;

/** Something that a filter of logs asks of a record. */
export type LogField = LogAttribute | LogIntrinsic;

export interface LogAttribute extends Located {
  readonly kind: "attribute";
  /** `any` for a name that starts with a dot: the record's attribute, else the resource's. */
  readonly scope: (typeof LOG_SCOPES)[number] | "any";
  readonly name: string;
}

export interface LogIntrinsic extends Located {
  readonly kind: "intrinsic";
  /** A severity that is written out stands as a field too, which every record has. */
  readonly name: LogIntrinsicName | `severity:${SeverityName}`;
}

/** The field as the parser of TraceQL takes it, which passes fields on and does not look into them. */
export function asField(field: LogField): Field {
  return { ...field, ofParent: false } as unknown as Field;
}

/** The field that `asField` was given. */
export function logFieldOf(field: Field): LogField {
  return field as unknown as LogField;
}

/** 1 to 6 of a severity that is written out; undefined for any other field. */
export function writtenSeverity(field: LogField): number | undefined {
  if (field.kind !== "intrinsic" || !field.name.startsWith("severity:")) return undefined;
  return SEVERITIES.indexOf(field.name.slice("severity:".length) as SeverityName) + 1;
}

export function logFieldType(field: LogField): LogType {
  if (field.kind === "attribute") return "any";
  return isIntrinsic(field.name) ? LOG_INTRINSICS[field.name].type : "severity";
}

/** Whether every record has the field. */
export function isAlwaysThere(field: LogField): boolean {
  if (field.kind === "attribute") return false;
  return !isIntrinsic(field.name) || !("optional" in LOG_INTRINSICS[field.name]);
}

export function isIntrinsic(name: string): name is LogIntrinsicName {
  return Object.hasOwn(LOG_INTRINSICS, name);
}
