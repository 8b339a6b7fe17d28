import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import type { Proposal } from "./complete-query.ts";
import { useTraceQl } from "./use-traceql.ts";

/** Names and values change slowly; asking for them reads many spans. */
const FRESH_MS = 60_000;

/** What may stand at the cursor of a query: of the language at once, of what is stored when the server has answered. */
export function useProposals(text: string, cursor: number, isWanted: boolean): readonly Proposal[] {
  const { data: language } = useTraceQl(isWanted);
  const question = isWanted ? language?.questionOf(text, cursor) : undefined;
  const field = question?.asks === "values" ? question.field : undefined;
  const names = useQuery({
    queryKey: ["attribute-names"],
    queryFn: ({ signal }) => api.attributeNames({ signal }),
    enabled: question?.asks === "names",
    staleTime: FRESH_MS,
  });
  const values = useQuery({
    queryKey: ["field-values", field],
    queryFn: ({ signal }) => api.fieldValues(field ?? "", { signal }),
    enabled: field !== undefined,
    staleTime: FRESH_MS,
  });
  if (!isWanted || language === undefined) return [];
  return language.proposals(text, cursor, { names: names.data, values: values.data });
}
