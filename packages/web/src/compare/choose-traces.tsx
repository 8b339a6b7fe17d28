import { ApiError } from "@clew/protocol/api/api-error";
import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { Trouble } from "../elements/trouble.tsx";
import { Link } from "../location/link.tsx";
import { go, type Place, withQuery } from "../location/place.ts";
import { mainSpan, textOf } from "../trace/span-facts.ts";
import css from "./choose-traces.module.css";
import { type Side, SideBadge } from "./side-badge.tsx";
import { TraceChooser } from "./trace-chooser.tsx";

interface ChooseTracesProps {
  /** An id, the beginning of one, or `last`; undefined for what is still to be chosen. */
  readonly references: Readonly<Record<Side, string | undefined>>;
  /** Why a trace that was asked for is not there. */
  readonly errors?: Readonly<Record<Side, Error | null>>;
  readonly place: Place;
}

const NO_ERRORS = { a: null, b: null };

/** Asks for the traces that are still to be chosen, and says which of those that were chosen is not there. */
export function ChooseTraces({ references, errors = NO_ERRORS, place }: ChooseTracesProps) {
  const a = useChosen(references.a, errors.a);
  const b = useChosen(references.b, errors.b);
  const chosen = { a, b };
  return (
    <div className={css.page}>
      <h1>Compare two traces</h1>
      <p className={css.lead}>
        B is laid over A: where they parted, what only one of them did, and where time, tokens and cost went.
      </p>
      <div className={css.sides}>
        {(["a", "b"] as const).map((side) => {
          const { trace, error } = chosen[side];
          const other = chosen[side === "a" ? "b" : "a"].trace;
          const choose = (reference: string): void => go(withQuery(place, { [side]: reference }));
          return (
            <section key={side} aria-label={`Trace ${side.toUpperCase()}`} className={css.side}>
              {trace !== undefined && error === null ? (
                <p className={css.chosen}>
                  <SideBadge side={side} />
                  <Link href={`/traces/${trace.traceId}`}>
                    {textOf(trace, "name", mainSpan(trace)) || "(no name)"}
                  </Link>
                  <code>{trace.traceId.slice(0, 8)}</code>
                  <Link href={withQuery(place, { [side]: undefined })} className={css.other}>
                    Choose another
                  </Link>
                </p>
              ) : (
                <>
                  {error !== null && (
                    <Missing side={side} reference={references[side] ?? ""} error={error} onChoose={choose} />
                  )}
                  <TraceChooser
                    side={side}
                    other={other}
                    taken={other === undefined ? [] : [other.traceId]}
                    onChoose={choose}
                  />
                </>
              )}
            </section>
          );
        })}
      </div>
    </div>
  );
}

function useChosen(reference: string | undefined, failed: Error | null) {
  const { data, error } = useQuery({
    queryKey: ["trace", reference],
    queryFn: ({ signal }) => api.trace(reference ?? "", { signal }),
    enabled: reference !== undefined && failed === null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return { trace: data, error: failed ?? error };
}

interface MissingProps {
  readonly side: Side;
  readonly reference: string;
  readonly error: Error;
  readonly onChoose: (reference: string) => void;
}

/** Which of the two it is, why, and what it may mean instead. */
function Missing({ side, reference, error, onChoose }: MissingProps) {
  const candidates = error instanceof ApiError ? error.candidates : [];
  return (
    <div className={css.missing}>
      <h2>
        Trace {side.toUpperCase()} is not there: <code>{reference}</code>
      </h2>
      <Trouble error={error} />
      {candidates.length > 0 && (
        <ul>
          {candidates.map((id) => (
            <li key={id}>
              <button type="button" onClick={() => onChoose(id)}>
                {id}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
