import { parse } from "@clew/protocol/traceql/parse";
import { TraceQlError } from "@clew/protocol/traceql/traceql-error";

/** What a text asks for, or what is wrong with it. */
export type Reading = { readonly asks: "traces" | "series" } | { readonly fault: QueryFault };

export interface QueryFault {
  readonly message: string;
  /** UTF-16 units of the text. */
  readonly offset: number;
  /** 0 where something is missing. */
  readonly length: number;
  /** What to write in place of what is at fault, when a known word is near. */
  readonly suggestion?: string | undefined;
}

export function readQuery(text: string): Reading {
  try {
    return { asks: parse(text).kind === "search" ? "traces" : "series" };
  } catch (error) {
    if (!(error instanceof TraceQlError)) throw error;
    const { message, offset, length, suggestion } = error;
    return { fault: { message, offset, length, suggestion } };
  }
}
