/** Fields of a `traceparent` header: W3C Trace Context level 2. */
export interface Traceparent {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits, not all zero: the span of the sender. */
  readonly parentId: string;
  /** `SAMPLED` and `RANDOM`; bits that level 2 does not define are 0. */
  readonly flags: number;
}

/** The sender may have recorded the trace. */
export const SAMPLED = 0x01;
/** The last 7 bytes of the trace id are random. Whoever continues a trace copies it as it is. */
export const RANDOM = 0x02;

const SHAPE = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/s;
const OUTER_SPACE = /^[ \t]+|[ \t]+$/g;

/**
 * Undefined when any field is wrong: the whole header, and the `tracestate` beside it, do not count then. Of a
 * version above 00 the four known fields are read. Pass several headers joined by commas: together they are wrong.
 */
export function parseTraceparent(text: string): Traceparent | undefined {
  const [, version, traceId = "", parentId = "", flags = "", rest] =
    SHAPE.exec(text.replace(OUTER_SPACE, "")) ?? [];
  if (version === undefined || version === "ff" || (version === "00" && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
  return { traceId, parentId, flags: Number.parseInt(flags, 16) & (SAMPLED | RANDOM) };
}

/** Always version 00. */
export function formatTraceparent({ traceId, parentId, flags }: Traceparent): string {
  return `00-${traceId}-${parentId}-0${(flags & (SAMPLED | RANDOM)).toString(16)}`;
}
