import { count, exact, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import css from "./pulse-mark.module.css";
import { useNewlyRefused } from "./refused-seen.ts";
import type { Pulse } from "./use-pulse.ts";

/** Whether the server answers and how much it receives, and what it refused since somebody last looked. */
export function PulseMark({ pulse }: { readonly pulse: Pulse }) {
  const { state, counters, spansPerS } = pulse;
  const refused = useNewlyRefused(counters);
  const perS = spansPerS < 9.5 ? Math.round(spansPerS * 10) / 10 : Math.round(spansPerS);
  const said = { connecting: "Connecting", open: `Connected, ${exact(perS)} spans/s`, lost: "No connection" }[
    state
  ];
  return (
    <>
      {refused > 0 && (
        <Link href="/welcome#refused" className={css.refused} title="What was refused, and what to change">
          {count(refused)} <span>refused</span>
          <span className={css.hidden}> {refused === 1 ? "request" : "requests"}</span>
        </Link>
      )}
      <Link href="/live" className={css.pulse} data-state={state} aria-label={said} title={title(pulse)}>
        <span className={css.dot} />
        {state === "open" && perS > 0 && <span className={css.rate}>{count(perS)} spans/s</span>}
      </Link>
    </>
  );
}

function title({ state, counters, spansPerS }: Pulse): string {
  if (state !== "open" || counters === undefined)
    return state === "lost" ? "The server does not answer" : "Connecting";
  const received = many(counters.signals.traces.records, "span");
  return `Connected. ${exact(spansPerS)} spans/s now, ${received} since the server started. Open live traces`;
}
