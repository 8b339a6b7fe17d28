import type { ResolvedId } from "@clew/protocol/api/resolve";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "../../api/client.ts";

/** Each key that is pressed is not a question. */
const STILL_MS = 90;
const MOST_LENGTH = 300;
const NONE: readonly ResolvedId[] = [];

export interface Resolved {
  readonly items: readonly ResolvedId[];
  /** The answer for the text is not there yet. */
  readonly isPending: boolean;
}

/** What the server has under a text, asked for when nobody types for a moment; at once for what was `pasted`. */
export function useResolved(typed: string, pasted: string | undefined): Resolved {
  const text = typed.trim();
  const [still, setStill] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setStill(text), STILL_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const mayBeId = text.length >= 3 && text.length <= MOST_LENGTH && !/^[>{(]|\s|^https?:/.test(text);
  const asked = still === text || pasted?.trim() === text;
  const { data, isFetching } = useQuery({
    queryKey: ["resolve", text],
    queryFn: ({ signal }) => api.resolve(text, { signal }),
    enabled: mayBeId && asked,
    retry: false,
    staleTime: 3000,
    gcTime: 30_000,
  });
  return {
    items: (mayBeId && data?.items) || NONE,
    isPending: mayBeId && (!asked || isFetching) && data === undefined,
  };
}
