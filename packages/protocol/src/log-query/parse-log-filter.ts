import type { FieldExpression } from "../traceql/ast.ts";
import { parseFilter } from "../traceql/parse-filter.ts";
import { TokenStream } from "../traceql/token-stream.ts";
import { TraceQlError } from "../traceql/traceql-error.ts";
import { checkLogCondition } from "./check-log-condition.ts";
import { readLogToken } from "./read-log-token.ts";

/**
 * Reads a filter of log records: one `{ ... }` as in TraceQL, with the fields of `LOG_INTRINSICS`, attributes of
 * `log.`, `resource.` and `instrumentation.`, and `.name` for the record's attribute, else the resource's. What is
 * returned is the condition within the braces, whose fields `logFieldOf` tells; undefined for `{ }`, which takes every
 * record. The text may have 65,536 characters.
 *
 * @throws {TraceQlError} and nothing else, for text that is no filter or makes no sense.
 */
export function parseLogFilter(text: string): FieldExpression | undefined {
  const tokens = new TokenStream(text, readLogToken);
  const { condition } = parseFilter(tokens);
  const behind = tokens.peek();
  if (behind.kind !== "end") {
    throw new TraceQlError({
      start: behind.start,
      end: behind.end,
      message: `a filter of logs ends with its "}", and ${JSON.stringify(behind.text.slice(0, 40))} follows`,
      found: behind.text,
      expected: ["the end of the query"],
    });
  }
  if (condition !== undefined) checkLogCondition(condition);
  return condition;
}
