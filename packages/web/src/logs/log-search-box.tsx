import type { LogItem } from "@clew/protocol/api/logs";
import { useQuery } from "@tanstack/react-query";
import type { RefObject } from "react";
import { api } from "../api/client.ts";
import { QueryBox, type QueryChoice, type QueryEdit, type QueryReading } from "../search/query-box.tsx";
import { faultOfLogFilter, isLogFilter, logProposals, wantedOf } from "./log-language.ts";
import { LOG_CONDITION_NAMES } from "./log-query.ts";

interface LogSearchBoxProps {
  readonly filter: string;
  /** What is listed; its names and values are offered. */
  readonly items: readonly LogItem[];
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onSubmit: (typed: string) => void;
}

/** Names and values change slowly. */
const FRESH_MS = 60_000;
const HINTS: readonly QueryChoice[] = [
  { label: "{ … }", hint: 'a filter, such as { severity >= warn && body =~ ".*refused.*" }', text: "{ " },
];

/** A box for filters of log records, words, `name:value` conditions and trace ids. */
export function LogSearchBox({ filter, items, input, onSubmit }: LogSearchBoxProps) {
  const useReading = ({ text, cursor }: QueryEdit, isOpen: boolean): QueryReading => {
    const isQuery = isLogFilter(text);
    const field = isQuery && isOpen ? wantedOf(text, cursor) : undefined;
    const names = useQuery({
      queryKey: ["attribute-names"],
      queryFn: ({ signal }) => api.attributeNames({ signal }),
      enabled: isQuery && isOpen,
      staleTime: FRESH_MS,
    });
    const values = useQuery({
      queryKey: ["field-values", field],
      queryFn: ({ signal }) => api.fieldValues(field ?? "", { signal }),
      enabled: field !== undefined,
      staleTime: FRESH_MS,
    });
    const known = {
      items,
      resourceNames: names.data?.get("resource") ?? [],
      resourceValues: values.data ?? [],
    };
    return {
      isQuery,
      fault: isQuery ? faultOfLogFilter(text) : undefined,
      choices: !isOpen ? [] : isQuery ? logProposals(text, cursor, known) : wordChoices(text),
    };
  };
  return (
    <QueryBox
      label="Search logs"
      placeholder="Words, service:planner, { severity >= warn }, a trace id"
      query={filter}
      input={input}
      useReading={useReading}
      onSubmit={onSubmit}
    />
  );
}

function wordChoices(text: string): readonly QueryChoice[] {
  if (text !== "" && !/^\w+$/.test(text)) return [];
  const names = LOG_CONDITION_NAMES.filter((name) => name !== "text" && name.toLowerCase().startsWith(text));
  return [
    ...names.map((name) => ({ label: `${name}:`, hint: `records of one ${name}`, text: `${name}:` })),
    ...(text === "" ? HINTS : []),
  ];
}
