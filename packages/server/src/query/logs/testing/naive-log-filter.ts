import { type LogField, logFieldOf, writtenSeverity } from "@clew/protocol/log-query/log-field";
import { severityLevel } from "@clew/protocol/log-query/severity";
import type { AnyValue } from "@clew/protocol/otlp/model";
import type {
  ArithmeticOperator,
  ComparisonOperator,
  Field,
  FieldExpression,
} from "@clew/protocol/traceql/ast";
import { arithmetic, compares, negated } from "@clew/protocol/traceql/compare-values";
import { fromPlain } from "@clew/protocol/traceql/naive/from-plain";
import type { PlainAttributes } from "@clew/protocol/traceql/naive/plain-trace";
import { boolean, int, string, type Value } from "@clew/protocol/traceql/value";
import { isArithmetic } from "@clew/protocol/traceql/value-type";
import type { PlainLog } from "./plain-log.ts";

/** Whether a filter takes a record, by its plain meaning. */
export function takes(condition: FieldExpression | undefined, log: PlainLog): boolean {
  if (condition === undefined) return true;
  const value = evaluate(condition, log);
  return value?.type === "boolean" && value.value;
}

function evaluate(expression: FieldExpression, log: PlainLog): Value {
  switch (expression.kind) {
    case "literal":
      return { type: expression.type, value: expression.value } as Value;
    case "attribute":
    case "intrinsic": {
      const value = read(expression, log);
      // An array stands for none of its elements where one value is needed.
      return value;
    }
    case "exists":
      return boolean((evaluate(expression.operand, log) !== undefined) !== expression.negated);
    case "unary": {
      const value = evaluate(expression.operand, log);
      if (expression.operator === "-") return negated(value);
      return value?.type === "boolean" ? boolean(!value.value) : undefined;
    }
    case "binary": {
      const { operator, left, right } = expression;
      if (operator === "&&") return boolean(takes(left, log) && takes(right, log));
      if (operator === "||") return boolean(takes(left, log) || takes(right, log));
      const sides = [evaluate(left, log), evaluate(right, log)] as const;
      if (isArithmetic(operator)) return arithmetic(operator as ArithmeticOperator, ...sides);
      return boolean(compares(operator as ComparisonOperator, ...sides));
    }
  }
}

function read(field: Field, log: PlainLog): Value {
  const asked = logFieldOf(field);
  if (asked.kind === "intrinsic") return readIntrinsic(asked, log);
  const of = (attributes: PlainAttributes) =>
    fromPlain(Object.hasOwn(attributes, asked.name) ? attributes[asked.name] : undefined);
  switch (asked.scope) {
    case "any":
      return of(log.attributes) ?? of(log.resource);
    case "log":
      return of(log.attributes);
    case "resource":
      return of(log.resource);
    case "instrumentation":
      return of(log.scope.attributes);
  }
}

function readIntrinsic(field: LogField & { readonly kind: "intrinsic" }, log: PlainLog): Value {
  const level = writtenSeverity(field);
  if (level !== undefined) return int(level);
  switch (field.name) {
    case "log:severity":
      return log.severityNumber === 0 ? undefined : int(severityLevel(log.severityNumber));
    case "log:severityNumber":
      return log.severityNumber === 0 ? undefined : int(log.severityNumber);
    case "log:severityText":
      return named(log.severityText);
    case "log:body":
      return bodyOf(log.body);
    case "log:eventName":
      return named(log.eventName);
    case "log:traceId":
      return named(log.traceId);
    case "log:spanId":
      return named(log.spanId);
    case "log:flags":
      return int(log.flags);
    case "instrumentation:name":
      return string(log.scope.name);
    case "instrumentation:version":
      return string(log.scope.version);
    case "agent:session":
      return carried(log, "session.id");
    case "agent:conversation":
      return carried(log, "gen_ai.conversation.id");
    case "agent:task":
      return carried(log, "task.id");
    case "agent:test_case":
      return carried(log, "test.case.id");
    case "agent:test_run":
      return carried(log, "test.suite.run.id");
    case "agent:user":
      return carried(log, "user.id");
    default:
      return undefined;
  }
}

function named(text: string): Value {
  return text === "" ? undefined : string(text);
}

function carried(log: PlainLog, key: string): Value {
  const id = log.attributes[key];
  return typeof id === "string" ? named(id) : undefined;
}

function bodyOf(body: AnyValue | undefined): Value {
  if (body === undefined || Object.keys(body).length === 0) return undefined;
  if (body.stringValue !== undefined) return string(body.stringValue);
  if (body.kvlistValue !== undefined || body.arrayValue !== undefined)
    return string(JSON.stringify(plain(body)));
  return string(String(Object.values(body)[0]));
}

function plain(value: AnyValue): unknown {
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(plain);
  if (value.kvlistValue !== undefined)
    return Object.fromEntries(
      (value.kvlistValue.values ?? []).map((one) => [one.key, plain(one.value ?? {})]),
    );
  return value.intValue !== undefined ? Number(value.intValue) : Object.values(value)[0];
}
