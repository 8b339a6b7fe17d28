import type { TraceUpdate } from "@clew/protocol/api/live";
import type { TraceItem } from "@clew/protocol/api/trace-item";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { api } from "../api/client.ts";
import { type FollowState, useFollow } from "../api/follow.ts";
import { Arrivals } from "./arrivals.ts";
import type { LiveQuery } from "./live-query.ts";
import { EMPTY_TAIL, released, type Tail, withItems } from "./tail.ts";

/** Rows change at most ten times a second. */
const GATHER_MS = 100;
const POLL_MS = 2000;
const FIRST_ROWS = 100;
/** What is asked again and again is asked of what began lately. */
const POLLED_TIME = "now-15m";
/** Asked for when it is not known what was missed. */
const MISSED_ROWS = 200;

export interface TailView {
  readonly tail: Tail;
  readonly state: FollowState;
  /** It is asked again and again, because there is no stream of it. */
  readonly isPolled: boolean;
  /** What the first question was answered with; undefined until then. */
  readonly isLoaded: boolean;
  readonly error: Error | undefined;
  readonly tracesPerS: number;
  /** From the end of the spans that came last to when they were shown; undefined where nothing came lately. */
  readonly lagMs: number | undefined;
  readonly again: () => void;
  readonly release: () => void;
  readonly clear: () => void;
}

/** The traces that a query is about as they come; while `isStill` what is new is held back. */
export function useTail({ text, traceQl, filter }: LiveQuery, isStill: boolean): TailView {
  const [tail, setTail] = useState<Tail>(EMPTY_TAIL);
  const [loaded, setLoaded] = useState<{ readonly error?: Error }>();
  const [arrivals] = useState(() => new Arrivals());
  const [flow, setFlow] = useState(() => arrivals.flow(Date.now()));
  const [attempt, setAttempt] = useState(0);
  const waiting = useRef(new Map<string, TraceItem>());
  const lastId = useRef<string>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const flush = useEffectEvent(() => {
    timer.current = undefined;
    const items = [...waiting.current.values()];
    waiting.current.clear();
    setTail((old) => withItems(old, items, isStill));
  });
  const take = (items: readonly TraceItem[]): void => {
    for (const item of items) {
      waiting.current.delete(item.traceId);
      waiting.current.set(item.traceId, item);
    }
    if (items.length > 0) timer.current ??= setTimeout(() => flush(), GATHER_MS);
  };
  const list = async (limit: number, signal?: AbortSignal, from?: string): Promise<readonly TraceItem[]> => {
    const call = signal === undefined ? {} : { signal };
    const since = from === undefined ? {} : { from };
    const { items } =
      traceQl === ""
        ? await api.traces({ ...filter, limit }, call)
        : await api.search({ q: traceQl, limit, spss: 0, ...since }, call);
    return [...items].reverse();
  };
  const load = useEffectEvent(async (signal: AbortSignal) => {
    try {
      const items = await list(FIRST_ROWS, signal);
      // What the stream told meanwhile is newer.
      setTail((old) =>
        withItems(
          { ...EMPTY_TAIL, rows: withItems(EMPTY_TAIL, items, false).rows },
          [...old.rows].reverse(),
          false,
        ),
      );
      setLoaded({});
    } catch (error) {
      if (!signal.aborted) setLoaded({ error: error instanceof Error ? error : new Error(String(error)) });
    }
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another query, or another attempt, begins anew
  useEffect(() => {
    const left = new AbortController();
    waiting.current.clear();
    lastId.current = undefined;
    arrivals.clear();
    setTail(EMPTY_TAIL);
    setLoaded(undefined);
    void load(left.signal);
    return () => left.abort();
  }, [text, attempt]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const state = useFollow<TraceUpdate>(`live ${text}`, traceQl === "", {
    stream: (client, signal) => client.traceUpdates(filter, { signal, after: lastId.current }),
    onMessage: ({ id, items, missed, skipped }) => {
      lastId.current = id;
      arrivals.add(items, skipped, Date.now());
      take(items);
      if (missed) void list(MISSED_ROWS).then(take, () => undefined);
    },
  });
  const isPolled = traceQl !== "" || state === "lost";
  const poll = useEffectEvent(async (signal: AbortSignal) => {
    // A query that is wrong stays so.
    if (document.hidden || loaded === undefined || loaded.error !== undefined) return;
    const items = await list(FIRST_ROWS, signal, traceQl === "" ? undefined : POLLED_TIME);
    const known = new Set([...tail.rows, ...tail.held].map(({ traceId }) => traceId));
    arrivals.add(
      items.filter(({ traceId }) => !known.has(traceId)),
      0,
      Date.now(),
    );
    take(items);
  });
  useEffect(() => {
    if (!isPolled) return;
    const left = new AbortController();
    const every = setInterval(() => void poll(left.signal).catch(() => undefined), POLL_MS);
    return () => {
      clearInterval(every);
      left.abort();
    };
  }, [isPolled]);
  useEffect(() => {
    const every = setInterval(() => setFlow((old) => arrivals.flow(Date.now(), old)), 1000);
    return () => clearInterval(every);
  }, [arrivals]);

  return {
    ...{ tail, state, isPolled, ...flow },
    isLoaded: loaded !== undefined,
    error: loaded?.error,
    again: () => setAttempt((count) => count + 1),
    release: () => setTail(released),
    clear: () => setTail(EMPTY_TAIL),
  };
}
