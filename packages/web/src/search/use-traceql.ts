import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { traceQl } from "./traceql.ts";

export type TraceQl = typeof traceQl;

/** Loads the language, which is no part of what every page begins with. */
export async function loadTraceQl(): Promise<TraceQl> {
  return (await import("./traceql.ts")).traceQl;
}

/** The language once it is wanted and there. */
export function useTraceQl(isWanted: boolean): UseQueryResult<TraceQl> {
  return useQuery({
    queryKey: ["traceql"],
    queryFn: loadTraceQl,
    enabled: isWanted,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
}
