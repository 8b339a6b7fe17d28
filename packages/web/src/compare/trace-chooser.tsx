import type { TraceColumns } from "@clew/protocol/api/trace-columns";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { Button } from "../elements/button.tsx";
import { StatusMark, statusOf } from "../elements/status-mark.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { ago, moment } from "../format/moments.ts";
import { count, duration } from "../format/quantities.ts";
import { type Candidate, candidatesFor } from "./candidates.ts";
import { type Side, SideBadge } from "./side-badge.tsx";
import css from "./trace-chooser.module.css";

interface TraceChooserProps {
  readonly side: Side;
  /** The trace on the other side; undefined where there is none. */
  readonly other: TraceColumns | undefined;
  /** What is compared already, and need not be offered. */
  readonly taken: readonly string[];
  readonly onChoose: (reference: string) => void;
  /** With Esc, where it can be left. */
  readonly onLeave?: () => void;
  /** Where somebody asked for it, typing begins at once. */
  readonly isFocused?: boolean;
}

/** An id or the beginning of one, or `last`; TraceQL and names are for the list of traces. */
const REFERENCE = /^(last|[0-9a-f]{4,32})$/i;

/** Takes the id of a trace, or one of those that are worth comparing with the other. */
export function TraceChooser({
  side,
  other,
  taken,
  onChoose,
  onLeave,
  isFocused = false,
}: TraceChooserProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isWrong, setWrong] = useState(false);
  useEffect(() => {
    if (isFocused) input.current?.focus();
  }, [isFocused]);
  const { data, error, refetch } = useQuery({
    queryKey: ["candidates", other?.traceId],
    queryFn: ({ signal }) => candidatesFor(other, signal),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const text = idIn(input.current?.value ?? "");
    if (REFERENCE.test(text)) onChoose(text.toLowerCase());
    else setWrong(true);
  };
  const offered = data?.filter(({ item }) => !taken.includes(item.traceId));
  return (
    <div className={css.chooser}>
      <form className={css.form} onSubmit={submit}>
        <SideBadge side={side} />
        <label htmlFor={id}>Trace {side.toUpperCase()}</label>
        <input
          ref={input}
          id={id}
          type="text"
          spellCheck={false}
          autoComplete="off"
          placeholder="id, 4 digits of one, a link, or last"
          aria-invalid={isWrong}
          aria-describedby={isWrong ? `${id}-wrong` : undefined}
          onInput={() => setWrong(false)}
          onKeyDown={({ key }) => key === "Escape" && onLeave?.()}
        />
        <Button submits>Compare</Button>
      </form>
      {isWrong && (
        <p id={`${id}-wrong`} className={css.wrong} role="alert">
          That is no id of a trace: it has 4 to 32 hexadecimal digits. Names are looked for in the list of
          traces, where x marks what c compares.
        </p>
      )}
      {error !== null && <Trouble error={error} again={() => void refetch()} />}
      {offered !== undefined && offered.length > 0 && (
        <ul className={css.list} aria-label={`Traces to compare ${other === undefined ? "" : "with"}`}>
          {offered.map((candidate) => (
            <Offer key={candidate.item.traceId} candidate={candidate} onChoose={onChoose} />
          ))}
        </ul>
      )}
      {offered?.length === 0 && (
        <p className={css.none}>
          {other === undefined
            ? "No trace is stored."
            : "No other trace has its name, test case or session: give the id of one."}
        </p>
      )}
    </div>
  );
}

/** The id in a link to a trace; else what was typed. */
function idIn(typed: string): string {
  return /\/(?:traces|t)\/([0-9a-f]{4,32})/i.exec(typed)?.[1] ?? typed.trim();
}

function Offer({
  candidate: { item, why },
  onChoose,
}: {
  readonly candidate: Candidate;
  readonly onChoose: (reference: string) => void;
}) {
  const nowMs = Date.now();
  const tokens = item.tokens.input + item.tokens.output;
  return (
    <li>
      <button type="button" className={css.offer} onClick={() => onChoose(item.traceId)}>
        <StatusMark status={statusOf(item)} />
        <bdi className={css.name}>{item.rootName || item.traceId}</bdi>
        {why !== "" && <span className={css.why}>{why}</span>}
        <span className={css.figures}>
          <span>{item.isRunning ? "running" : duration(item.durMs)}</span>
          <span>{tokens > 0 && `${count(tokens)} tok`}</span>
          <span>{ago(item.startMs, nowMs) || moment(item.startMs, nowMs)}</span>
          <code>{item.traceId.slice(0, 8)}</code>
        </span>
      </button>
    </li>
  );
}
