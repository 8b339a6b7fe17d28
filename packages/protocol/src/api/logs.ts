import type { KeyValue } from "../otlp/model.ts";
import type { ResourceDetail, ScopeDetail } from "./span-detail.ts";
import type { TraceItem } from "./trace-item.ts";

/** Characters of a body, and of each value of an attribute, that a list shows. */
export const LOG_TEXT_SHOWN = 2000;

/** Log records, newest first. Records that are alike in everything show once. */
export interface LogList {
  readonly items: readonly LogItem[];
  /** What "around" meant; only when the logs around a span were asked for. */
  readonly around?: LogSurroundings;
  /** Set when the search ended before the page was full although there may be more: `next` goes on from there. */
  readonly partial?: {
    /** `time`: it took as long as a search may. `size`: it would read more than a search may. */
    readonly reason: "time" | "size";
  };
  /** Absent when all records were looked at. A next page may be empty. */
  readonly next?: string;
  readonly tookMs: number;
}

/** One log record. Ids that it does not carry itself are those of its trace, and inherited. */
export interface LogItem extends Pick<TraceItem, "session" | "conversation" | "task" | "test" | "user"> {
  /** Names the record, so that all of it can be asked for. */
  readonly id: string;
  /** When it happened, else when it was observed: Unix epoch, nanoseconds, decimal. */
  readonly timeNanos: string;
  readonly timeMs: number;
  /** 1 to 24; 0 when nothing was said. */
  readonly severityNumber: number;
  /** What the source calls the severity; often empty. */
  readonly severityText: string;
  /** Text of the body; JSON where it is a map or an array, base64 where it is bytes, empty where there is none. */
  readonly body: string;
  readonly service: string;
  /** Library that made the record. */
  readonly scope: string;
  /** Empty when the record belongs to no trace. */
  readonly traceId: string;
  readonly spanId: string;
  readonly eventName: string;
  /** Typed, in the order sent. */
  readonly attributes: readonly KeyValue[];
  readonly droppedAttributesCount: number;
  /** What is longer than a list shows. A value of an attribute that is no text any more is cut text too. */
  readonly cut?: { readonly body: boolean; readonly attributes: readonly string[] };
  /** Only around a span: of that span, else of its trace, else of the same instance of the service. */
  readonly relation?: LogRelation;
  /** What produced the record; only of one that was asked for by its id. */
  readonly whole?: { readonly resource: ResourceDetail; readonly scope: ScopeDetail };
}

export type LogRelation = "span" | "trace" | "instance";

export interface LogSurroundings {
  readonly traceId: string;
  readonly spanId: string;
  readonly service: string;
  /**
   * What tells the instance: attributes of the span's resource. Empty when it has none that does, so that the whole
   * service is meant.
   */
  readonly instance: readonly KeyValue[];
  /** The window: from inclusive, to exclusive. */
  readonly fromNanos: string;
  readonly toNanos: string;
}
