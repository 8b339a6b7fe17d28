import type { IntrinsicName } from "@clew/protocol/traceql/intrinsics";
import { fragment, type SqlFragment } from "../sql.ts";
import type { Face, SqlValue } from "./sql-value.ts";

export const IS_ROOT = fragment`parent_span_id = toFixedString('', 8)`;

const ELSEWHERE = [
  "span:childCount",
  "trace:duration",
  "trace:rootName",
  "trace:rootService",
  "instrumentation:name",
  "instrumentation:version",
  "nestedSetLeft",
  "nestedSetRight",
  "nestedSetParent",
] as const;

/** Intrinsics that a row of `spans` does not tell: those of the trace, of the scope and of other spans. */
export type ElsewhereName = (typeof ELSEWHERE)[number];

/** An intrinsic of the span as its row has it; undefined when the row does not tell. */
export function intrinsicValue(name: IntrinsicName): SqlValue | undefined {
  return isElsewhere(name) ? undefined : VALUES[name];
}

function isElsewhere(name: IntrinsicName): name is ElsewhereName {
  return (ELSEWHERE as readonly string[]).includes(name);
}

/** What a running span took is not known. */
export const DURATION_NS = fragment`if(is_running = 1, 0, duration_ns)`;

function text(value: SqlFragment): SqlValue {
  return { faces: { string: { value } } };
}

/** A text that is nil when it is empty. */
function name(column: SqlFragment): SqlValue {
  return { faces: { string: { value: column, when: fragment`${column} != ''`, isBlankElse: true } } };
}

/** A number that is nil at 0. */
function amount(type: "int" | "float" | "duration", value: SqlFragment): SqlValue {
  const face: Face = { value, when: fragment`${value} != 0`, isBlankElse: true };
  return { faces: { [type]: face } };
}

/** Something that was used: nil where other spans state it too, or it is of no model call. */
function usage(column: SqlFragment): SqlValue {
  return amount("int", fragment`(toInt64(${column}) * usage_counts)`);
}

function texts(elements: SqlFragment, count: SqlFragment): SqlValue {
  const facesOf = (value: SqlFragment) => ({ string: { value } });
  return { faces: {}, several: { when: fragment`notEmpty(${count})`, elements, facesOf, firstCounts: true } };
}

const VALUES: Readonly<Record<Exclude<IntrinsicName, ElsewhereName>, SqlValue>> = {
  "span:name": text(fragment`name`),
  "span:status": { faces: { status: { value: fragment`if(status_code > 2, 0, status_code)` } } },
  "span:statusMessage": text(fragment`status_message`),
  "span:duration": { faces: { duration: { value: DURATION_NS } } },
  "span:kind": { faces: { kind: { value: fragment`if(kind > 5, 0, kind)` } } },
  "span:id": text(fragment`lower(hex(span_id))`),
  "span:parentID": text(fragment`if(${IS_ROOT}, '', lower(hex(parent_span_id)))`),
  "trace:id": text(fragment`lower(hex(trace_id))`),
  "event:name": texts(fragment`events.name`, fragment`events.name`),
  "event:timeSinceStart": {
    faces: {},
    several: {
      when: fragment`notEmpty(events.time)`,
      elements: fragment`arrayMap(time -> toUnixTimestamp64Nano(time) - toUnixTimestamp64Nano(start_time), events.time)`,
      facesOf: (value) => ({ duration: { value } }),
      firstCounts: true,
    },
  },
  "link:traceID": texts(fragment`arrayMap(id -> lower(hex(id)), links.trace_id)`, fragment`links.trace_id`),
  "link:spanID": texts(fragment`arrayMap(id -> lower(hex(id)), links.span_id)`, fragment`links.span_id`),
  // Only ever asked whether it is there.
  parent: { faces: { boolean: { value: fragment`true`, when: fragment`NOT (${IS_ROOT})` } } },
  "agent:name": name(fragment`agent_name`),
  "agent:id": name(fragment`agent_id`),
  "agent:type": name(fragment`span_type`),
  "agent:model": name(fragment`model`),
  "agent:provider": name(fragment`provider`),
  "agent:tool": name(fragment`tool_name`),
  "agent:input_tokens": usage(fragment`input_tokens`),
  "agent:output_tokens": usage(fragment`output_tokens`),
  "agent:tokens": usage(fragment`(toInt64(input_tokens) + toInt64(output_tokens))`),
  "agent:cache_read_tokens": usage(fragment`cache_read_tokens`),
  "agent:cache_write_tokens": usage(fragment`cache_write_tokens`),
  "agent:reasoning_tokens": usage(fragment`reasoning_tokens`),
  "agent:cost": amount("float", fragment`(cost_usd * usage_counts)`),
  "agent:time_to_first_token": amount("duration", fragment`toInt64(time_to_first_token_ns)`),
  "agent:session": name(fragment`session_id`),
  "agent:conversation": name(fragment`conversation_id`),
  "agent:task": name(fragment`task_id`),
  "agent:test_case": name(fragment`test_case_id`),
  "agent:test_run": name(fragment`test_run_id`),
  "agent:user": name(fragment`user_id`),
  "agent:error_type": name(fragment`error_type`),
  "agent:running": { faces: { boolean: { value: fragment`(is_running = 1)` } } },
};
