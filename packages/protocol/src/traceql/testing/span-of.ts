import type { PlainSpan, PlainTrace } from "../naive/plain-trace.ts";

/** A span of a test: what is not told is empty. */
export function spanOf(spanId: string, told: Partial<PlainSpan> = {}): PlainSpan {
  return {
    spanId,
    parentSpanId: "",
    name: spanId,
    kind: "internal",
    status: "unset",
    statusMessage: "",
    start: 0n,
    duration: 0n,
    attributes: {},
    resource: {},
    instrumentation: { name: "", version: "", attributes: {} },
    events: [],
    links: [],
    agent: {},
    ...told,
  };
}

/**
 * A trace whose spans are named by letters, by a text such as `a(b(c) d)`: b and d are children of a. Each span's
 * attributes come from a record by its letter.
 */
export function treeOf(text: string, told: Readonly<Record<string, Partial<PlainSpan>>> = {}): PlainTrace {
  const spans: PlainSpan[] = [];
  const open: string[] = [];
  let last = "";
  for (const sign of text.replaceAll(" ", "")) {
    if (sign === "(") open.push(last);
    else if (sign === ")") open.pop();
    else {
      spans.push(
        spanOf(sign, { parentSpanId: open.at(-1) ?? "", start: BigInt(spans.length), ...told[sign] }),
      );
      last = sign;
    }
  }
  return { traceId: "0".repeat(32), spans };
}
