import { proposals, questionOf } from "./complete-query.ts";
import { asTraceQl, countsOverTime, narrowed } from "./conditions-as-traceql.ts";
import { readQuery } from "./read-query.ts";

/** The language, which is loaded when somebody uses it: see `useTraceQl`. */
export const traceQl = { readQuery, questionOf, proposals, asTraceQl, narrowed, countsOverTime } as const;
