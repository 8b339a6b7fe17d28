/** What type a value has. `any` is that of an attribute: told by each span. */
export type ValueType =
  | "int"
  | "float"
  | "duration"
  | "string"
  | "boolean"
  | "status"
  | "kind"
  | "nil"
  | "any";

/** A field that spans have without anybody setting an attribute. */
export interface IntrinsicInfo {
  readonly type: ValueType;
  /** One line for completion. */
  readonly about: string;
  /** The name it also has without a scope. */
  readonly alias?: string;
  /** A span may be without it, so that `= nil` is a question. */
  readonly optional?: true;
}

/**
 * All intrinsics by the name that `printQuery` writes.
 *
 * Those of `agent:` are the columns that translators fill from any emitter's attributes. An empty text and a count,
 * cost or time of zero are nil there, as the store does not tell them from absent ones. Tokens and cost are those of
 * model spans without a model span below them, so that a sum counts nothing twice; for all other spans they are nil.
 */
export const INTRINSICS = {
  "span:name": { type: "string", alias: "name", about: "name of the span" },
  "span:status": { type: "status", alias: "status", about: "error, ok or unset" },
  "span:statusMessage": { type: "string", alias: "statusMessage", about: "text beside the status" },
  "span:duration": { type: "duration", alias: "duration", about: "end minus start" },
  "span:kind": {
    type: "kind",
    alias: "kind",
    about: "server, client, producer, consumer, internal or unspecified",
  },
  "span:id": { type: "string", about: "16 hexadecimal digits" },
  "span:parentID": { type: "string", about: "id of the parent span, empty at the root" },
  "span:childCount": { type: "int", alias: "childCount", about: "number of direct children" },
  "trace:duration": {
    type: "duration",
    alias: "traceDuration",
    about: "last end minus first start of the trace",
  },
  "trace:rootName": { type: "string", alias: "rootName", about: "name of the trace's root span" },
  "trace:rootService": {
    type: "string",
    alias: "rootServiceName",
    about: "service of the trace's root span",
  },
  "trace:id": { type: "string", about: "32 hexadecimal digits; leading zeros may be left out" },
  "event:name": { type: "string", optional: true, about: "name of an event of the span" },
  "event:timeSinceStart": {
    type: "duration",
    optional: true,
    about: "time of an event after the span's start",
  },
  "link:traceID": { type: "string", optional: true, about: "trace that a link of the span leads to" },
  "link:spanID": { type: "string", optional: true, about: "span that a link of the span leads to" },
  "instrumentation:name": { type: "string", about: "library that made the span" },
  "instrumentation:version": { type: "string", about: "version of the library that made the span" },
  nestedSetLeft: {
    type: "int",
    alias: "nestedSetLeft",
    about: "number of the span in the nested set of its trace",
  },
  nestedSetRight: { type: "int", alias: "nestedSetRight", about: "number after all below the span" },
  nestedSetParent: {
    type: "int",
    alias: "nestedSetParent",
    about: "nestedSetLeft of the parent; below 0 at the root",
  },
  parent: {
    type: "nil",
    alias: "parent",
    optional: true,
    about: "the parent span; may be compared with nil",
  },
  "agent:name": { type: "string", optional: true, about: "name of the agent" },
  "agent:id": { type: "string", optional: true, about: "id of the agent" },
  "agent:type": {
    type: "string",
    optional: true,
    about: "what the span does: llm, tool, agent, workflow, ...",
  },
  "agent:model": { type: "string", optional: true, about: "model that answered, else the one asked" },
  "agent:provider": { type: "string", optional: true, about: "who runs the model" },
  "agent:tool": { type: "string", optional: true, about: "tool that is called" },
  "agent:input_tokens": {
    type: "int",
    optional: true,
    about: "input tokens of a model span, cached ones included",
  },
  "agent:output_tokens": {
    type: "int",
    optional: true,
    about: "output tokens of a model span, reasoning included",
  },
  "agent:tokens": { type: "int", optional: true, about: "input and output tokens of a model span" },
  "agent:cache_read_tokens": { type: "int", optional: true, about: "input tokens read from the cache" },
  "agent:cache_write_tokens": { type: "int", optional: true, about: "input tokens written to the cache" },
  "agent:reasoning_tokens": { type: "int", optional: true, about: "output tokens spent on reasoning" },
  "agent:cost": { type: "float", optional: true, about: "cost of a model span in US dollars" },
  "agent:time_to_first_token": { type: "duration", optional: true, about: "start to first token" },
  "agent:session": { type: "string", optional: true, about: "session id" },
  "agent:conversation": { type: "string", optional: true, about: "conversation id" },
  "agent:task": { type: "string", optional: true, about: "task id" },
  "agent:test_case": { type: "string", optional: true, about: "test case id" },
  "agent:test_run": { type: "string", optional: true, about: "test run id" },
  "agent:user": { type: "string", optional: true, about: "user id" },
  "agent:error_type": { type: "string", optional: true, about: "kind of error" },
  "agent:running": { type: "boolean", about: "the span has not ended as far as is known" },
} as const satisfies Readonly<Record<string, IntrinsicInfo>>;

export type IntrinsicName = keyof typeof INTRINSICS;
