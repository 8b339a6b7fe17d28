import type { TraceItem } from "@clew/protocol/api/trace-item";
import type { RefObject } from "react";
import { isTraceQl } from "../search/is-traceql.ts";
import { QueryBox, type QueryChoice, type QueryEdit, type QueryReading } from "../search/query-box.tsx";
import { useProposals } from "../search/use-proposals.ts";
import { useTraceQl } from "../search/use-traceql.ts";
import { suggestionsFor } from "./suggestions.ts";

interface SearchBoxProps {
  /** The query that is answered below; empty when there is none. */
  readonly query: string;
  readonly items: readonly TraceItem[];
  readonly input: RefObject<HTMLInputElement | null>;
  readonly label?: string;
  readonly placeholder?: string;
  /** `condition` was chosen beside what was typed. */
  readonly onSubmit: (typed: string, condition?: QueryChoice["condition"]) => void;
}

/** A box for TraceQL, words, `field:value` conditions and trace ids. */
export function SearchBox({
  items,
  label = "Search traces",
  placeholder = "Words of prompts and answers, agent:planner, { TraceQL }, a trace id",
  ...rest
}: SearchBoxProps) {
  const useReading = ({ text, cursor }: QueryEdit, isOpen: boolean): QueryReading => {
    const isQuery = isTraceQl(text);
    const reading = useTraceQl(isQuery).data?.readQuery(text);
    const fault = isQuery && reading && "fault" in reading ? reading.fault : undefined;
    const proposals = useProposals(text, cursor, isQuery && isOpen);
    const choices = isQuery
      ? proposals.map(({ label, about, ...taken }) => ({ label, hint: about, ...taken }))
      : suggestionsFor(text, items);
    return { isQuery, fault, choices: isOpen ? choices : [] };
  };
  return <QueryBox label={label} placeholder={placeholder} useReading={useReading} {...rest} />;
}
