import type { Operation } from "../../genai/operation.ts";
import { fields, textOf } from "../../models/value.ts";

/** Ends an operation with what the SDK says of its failure. */
export function failWith(operation: Operation, error: unknown): void {
  const { message, data } = fields(error);
  const cause = textOf(fields(data).error);
  const name = /^(\w*Error)\b/.exec(cause ?? "")?.[1];
  operation.failAs(name ?? "_OTHER", [message, cause].filter((text) => typeof text === "string").join(": "));
}
