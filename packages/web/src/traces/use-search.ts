import type { SearchRequest } from "@clew/protocol/api/requests";
import type { SearchAnswer } from "@clew/protocol/api/search";
import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";

const PAGE = 50;

/** One page of what a query finds; the page before stays until it is there. */
export function useSearch(request: SearchRequest): UseQueryResult<SearchAnswer> {
  return useQuery({
    queryKey: ["search", request],
    queryFn: ({ signal }) => api.search({ limit: PAGE, ...request }, { signal }),
    placeholderData: keepPreviousData,
  });
}
