import type { KindName, StatusName } from "../ast.ts";
import type { IntrinsicName } from "../intrinsics.ts";

/** A trace as plain values, for the evaluator that the compiled queries are measured against. */
export interface PlainTrace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  readonly spans: readonly PlainSpan[];
}

export interface PlainSpan {
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Empty for a root. May lead to a span that is not in the trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: KindName;
  readonly status: StatusName;
  readonly statusMessage: string;
  /** Unix nanoseconds. */
  readonly start: bigint;
  /** Nanoseconds. */
  readonly duration: bigint;
  readonly attributes: PlainAttributes;
  readonly resource: PlainAttributes;
  readonly instrumentation: {
    readonly name: string;
    readonly version: string;
    readonly attributes: PlainAttributes;
  };
  readonly events: readonly PlainEvent[];
  readonly links: readonly PlainLink[];
  /** What is missing, empty or zero is nil to a query. `agent:tokens` is left to the evaluator. */
  readonly agent: { readonly [Name in AgentName]?: string | number | bigint | boolean };
  /** Tokens and cost are stated again by spans below, or are of no model call: they are nil to a query. */
  readonly repeatsUsage?: boolean;
}

export type AgentName = Exclude<Extract<IntrinsicName, `agent:${string}`>, "agent:tokens">;

export interface PlainEvent {
  readonly name: string;
  /** Unix nanoseconds. */
  readonly time: bigint;
  readonly attributes: PlainAttributes;
}

export interface PlainLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: PlainAttributes;
}

export type PlainAttributes = Readonly<Record<string, PlainValue>>;

/** An integer of OTLP is a bigint, a double a number. */
export type PlainValue = string | bigint | number | boolean | readonly PlainValue[];
