import { parse } from "@clew/protocol/traceql/parse";
import { TraceQlError } from "@clew/protocol/traceql/traceql-error";
import { type SeriesUnit, unitOf } from "./series-unit.ts";

/** What a text asks for, or what is wrong with it. */
export type Reading =
  | { readonly asks: "traces" }
  | { readonly asks: "series"; readonly unit: SeriesUnit }
  | { readonly fault: QueryFault };

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
    const query = parse(text);
    return query.kind === "search" ? { asks: "traces" } : { asks: "series", unit: unitOf(query) };
  } catch (error) {
    if (!(error instanceof TraceQlError)) throw error;
    const { message, offset, length, suggestion } = error;
    return { fault: { message, offset, length, suggestion } };
  }
}
