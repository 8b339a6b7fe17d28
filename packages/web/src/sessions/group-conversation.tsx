import type { TraceTurn } from "@clew/protocol/api/trace-group";
import type { Transcript } from "@clew/protocol/api/transcript";
import { pairCalls } from "@clew/protocol/transcript/pair-calls";
import { useQueries } from "@tanstack/react-query";
import { Fragment, useEffect, useMemo, useRef, useState } from "react";
import { api } from "../api/client.ts";
import { StatusMark, statusOf } from "../elements/status-mark.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { fullMoment, moment } from "../format/moments.ts";
import { cost, count, duration, exact, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import type { ShownAs } from "../transcript/said.tsx";
import { TranscriptEntry } from "../transcript/transcript-article.tsx";
import { transcriptRows } from "../transcript/transcript-rows.ts";
import css from "./group-conversation.module.css";
import { newInTurns } from "./new-in-turn.ts";
import type { Pause } from "./timeline-layout.ts";

interface GroupConversationProps {
  readonly traces: readonly TraceTurn[];
  readonly pauses: readonly Pause[];
  readonly nowMs: number;
}

/** The newest turns that are shown. */
const MOST_TURNS = 200;
/** Steps of each that are shown; the trace has all. */
const STEPS = 60;
/** Shorter pauses are no news. */
const LEAST_PAUSE_MS = 60_000;
/** What comes into sight soon is read ahead. */
const AHEAD = "600px";

/** What was said in the traces of a session or task, one after the other, each thing once. */
export function GroupConversation({ traces, pauses, nowMs }: GroupConversationProps) {
  const from = Math.max(0, traces.length - MOST_TURNS);
  const shown = useMemo(() => traces.slice(from), [traces, from]);
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const answers = useQueries({
    queries: shown.map(({ traceId, spanCount, isRunning }) => ({
      queryKey: ["transcript", traceId, "turn", spanCount, isRunning],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        api.transcript(traceId, { limit: STEPS }, { signal }),
      enabled: seen.has(traceId),
      staleTime: Number.POSITIVE_INFINITY,
    })),
  });
  const turns = newInTurns(answers.map(({ data }) => data));
  const pauseBefore = new Map(pauses.map(({ before, ms }) => [before, ms]));
  const see = (id: string): void => setSeen((old) => (old.has(id) ? old : new Set([...old, id])));
  return (
    <>
      {from > 0 && (
        <p className={css.note}>
          The newest {MOST_TURNS} of {many(traces.length, "trace")} are told here.
        </p>
      )}
      <ol className={css.turns} aria-label="Conversation, oldest first">
        {shown.map((trace, at) => {
          const pauseMs = pauseBefore.get(from + at) ?? 0;
          const answer = answers[at];
          return (
            <Fragment key={trace.traceId}>
              {pauseMs >= LEAST_PAUSE_MS && <li className={css.pause}>{duration(pauseMs)} later</li>}
              <Turn
                trace={trace}
                nowMs={nowMs}
                transcript={turns[at]}
                error={answer?.error}
                again={() => void answer?.refetch()}
                onSeen={see}
              />
            </Fragment>
          );
        })}
      </ol>
    </>
  );
}

interface TurnProps {
  readonly trace: TraceTurn;
  readonly nowMs: number;
  readonly transcript: Transcript | undefined;
  readonly error: Error | null | undefined;
  readonly again: () => void;
  readonly onSeen: (traceId: string) => void;
}

function Turn({ trace, nowMs, transcript, error, again, onSeen }: TurnProps) {
  const { traceId } = trace;
  const element = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (element.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && onSeen(traceId),
      { rootMargin: AHEAD },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [traceId, onSeen]);
  const tokens = trace.tokens.input + trace.tokens.output;
  const facts = [
    tokens > 0 ? `${count(tokens)} tokens` : "",
    cost(trace.costUsd),
    trace.isRunning ? "running" : duration(trace.durMs),
  ].filter((fact) => fact !== "");
  const left = transcript === undefined ? 0 : transcript.total - transcript.steps.length;
  return (
    <li ref={element} className={css.turn} data-turn>
      <header>
        <StatusMark status={statusOf(trace)} />
        <Link href={`/traces/${traceId}?v=transcript`} data-row>
          {trace.rootName || traceId}
        </Link>
        <time dateTime={new Date(trace.startMs).toISOString()} title={fullMoment(trace.startMs)}>
          {moment(trace.startMs, nowMs)}
        </time>
        <small>{facts.join(" · ")}</small>
      </header>
      {error != null && <Trouble error={error} again={again} />}
      {transcript === undefined && error == null && <div className={css.waiting} />}
      {transcript !== undefined && <Said transcript={transcript} />}
      {left > 0 && (
        <Link className={css.rest} href={`/traces/${traceId}?v=transcript`}>
          {exact(left)} more {left === 1 ? "step" : "steps"}
        </Link>
      )}
    </li>
  );
}

/** What agents called is closed at first: between turns it is the answers that matter. */
function Said({ transcript }: { readonly transcript: Transcript }) {
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [modes, setModes] = useState<ReadonlyMap<string, ShownAs>>(new Map());
  const paired = useMemo(() => pairCalls(transcript.steps, transcript.runs), [transcript]);
  const { rows } = useMemo(
    () => transcriptRows(transcript, paired, ({ span }, depth) => toggled.get(span) ?? depth === 0),
    [transcript, paired, toggled],
  );
  if (!transcript.hasContent) return <p className={css.silent}>No messages were recorded.</p>;
  return (
    <ol className={css.said}>
      {rows.map((row) => (
        <TranscriptEntry
          key={row.key}
          row={row}
          isActive
          isOpen={opened.has(row.key)}
          shownAs={modes.get(row.key) ?? "markdown"}
          onShowAs={(next) => setModes((old) => new Map([...old, [row.key, next]]))}
          onToggle={() => {
            if (row.kind === "run") setToggled((old) => new Map([...old, [row.run.span, !row.isOpen]]));
            else
              setOpened((old) => {
                const next = new Set(old);
                if (!next.delete(row.key)) next.add(row.key);
                return next;
              });
          }}
        />
      ))}
    </ol>
  );
}
