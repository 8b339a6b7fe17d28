import type { Transcript, TranscriptRun, TranscriptStep } from "@clew/protocol/api/transcript";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "../api/client.ts";

/** What has been read of a transcript so far. */
export interface ReadTranscript {
  readonly runs: readonly TranscriptRun[];
  readonly steps: readonly TranscriptStep[];
  readonly total: number;
  readonly hasContent: boolean;
}

export interface TranscriptState {
  /** Undefined until the first page is there. */
  readonly read: ReadTranscript | undefined;
  readonly isReading: boolean;
  readonly error: unknown;
  /** Reads on where it stopped: after a failure, or where enough was read without being asked. */
  readonly goOn: () => void;
}

/** Steps of the first page, which somebody waits for, and of the others. */
const FIRST_PAGE = 60;
const PAGE = 500;
/** Steps that are read without being asked. */
const ENOUGH = 6000;
/** A page that tells less than it could is soon asked for again so often. */
const MOST_EMPTY = 2;

/**
 * Reads a transcript page after page, so that all of it can be searched. `version` changes when the trace does; what was
 * read stays until the new one is as far.
 */
export function useTranscript(traceId: string, version: string): TranscriptState {
  const queries = useQueryClient();
  const [state, setState] = useState<Omit<TranscriptState, "goOn">>({
    read: undefined,
    isReading: true,
    error: undefined,
  });
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let isWanted = true;
    const most = ENOUGH * (asked + 1);
    const readAll = async (): Promise<void> => {
      setState((old) => ({ ...old, isReading: true, error: undefined }));
      const runs = new Map<string, TranscriptRun>();
      const steps: TranscriptStep[] = [];
      let empty = 0;
      for (let cursor: string | undefined = ""; cursor !== undefined && steps.length < most; ) {
        const page: Transcript = await queries.fetchQuery({
          queryKey: ["transcript", traceId, version, cursor, empty],
          queryFn: ({ signal }) =>
            api.transcript(traceId, cursor ? { limit: PAGE, cursor } : { limit: FIRST_PAGE }, { signal }),
          staleTime: Number.POSITIVE_INFINITY,
        });
        if (!isWanted) return;
        for (const run of page.runs) runs.set(run.span, run);
        steps.push(...page.steps);
        empty = page.steps.length === 0 ? empty + 1 : 0;
        if (empty > MOST_EMPTY) throw new Error("The server has no time to read on. Try again in a moment.");
        cursor = page.nextCursor;
        const { total, hasContent } = page;
        const isLast = cursor === undefined || steps.length >= most;
        setState(({ read }) => ({
          read:
            !isLast && read !== undefined && read.steps.length > steps.length
              ? read
              : { runs: [...runs.values()], steps: [...steps], total, hasContent },
          isReading: !isLast,
          error: undefined,
        }));
      }
    };
    readAll().catch((error: unknown) => {
      if (isWanted) setState((old) => ({ ...old, isReading: false, error }));
    });
    return () => {
      isWanted = false;
    };
  }, [traceId, version, asked, queries]);
  return { ...state, goOn: () => setAsked((times) => times + 1) };
}
