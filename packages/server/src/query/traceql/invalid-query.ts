import type { TraceQlError } from "@clew/protocol/traceql/traceql-error";
import { PublicError } from "../../errors.ts";

/** The query cannot be understood, makes no sense, or asks for more than one query may. */
export class InvalidQuery extends PublicError {
  readonly code = "invalid_query";
  readonly status = 400;
  /** Of the fault in the query's text, in UTF-16 units. */
  readonly position: { readonly offset: number; readonly length: number };
  /** What to write instead, when a known word is near. */
  readonly hint: string | undefined;

  constructor(
    message: string,
    position: { readonly offset: number; readonly length: number },
    suggestion?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.position = position;
    this.hint = suggestion === undefined ? undefined : `Did you mean ${suggestion}?`;
  }

  static from(error: TraceQlError): InvalidQuery {
    const { offset, length, suggestion, message } = error;
    return new InvalidQuery(message, { offset, length }, suggestion, { cause: error });
  }
}
