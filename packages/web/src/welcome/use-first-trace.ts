import type { TraceUpdate } from "@clew/protocol/api/live";
import { useRef } from "react";
import { useFollow } from "../api/follow.ts";
import { go } from "../location/place.ts";
import { useDemoRun } from "./demo-run.ts";

/** Leads to the first trace that comes, where `isAwaited`; those of the demo lead to themselves when it is done. */
export function useFirstTrace(isAwaited: boolean): void {
  const hasCome = useRef(false);
  const run = useDemoRun();
  useFollow<TraceUpdate>("first trace", isAwaited && run === undefined, {
    stream: (client, signal) => client.traceUpdates({}, { signal }),
    onMessage: ({ items: [first] }) => {
      if (hasCome.current || first === undefined) return;
      hasCome.current = true;
      go(`/traces/${first.traceId}`);
    },
  });
}
