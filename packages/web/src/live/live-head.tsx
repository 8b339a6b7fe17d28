import { Button } from "../elements/button.tsx";
import { count, duration } from "../format/quantities.ts";
import type { Touch } from "./live-list.tsx";
import css from "./live-page.module.css";
import type { TailView } from "./use-tail.ts";

interface LiveHeadProps {
  readonly view: TailView;
  readonly isPaused: boolean;
  readonly touch: Touch;
  readonly onToggle: () => void;
}

/** Whether traces come, how many and how late, and a way to have them wait. */
export function LiveHead({ view, isPaused, touch, onToggle }: LiveHeadProps) {
  const { tracesPerS, lagMs } = view;
  const [state, word] = stateOf(view, isPaused, touch);
  return (
    <header className={css.head}>
      <h1>Live</h1>
      <span className={css.state} data-state={state}>
        <span className={css.dot} />
        {word}
      </span>
      <dl className={css.flow}>
        <div>
          <dt>Traces</dt>
          <dd>{count(Math.round(tracesPerS * 10) / 10)}/s</dd>
        </div>
        <div title="From the end of the newest spans until they were shown. Senders gather spans before they send them; that counts.">
          <dt>Lag</dt>
          <dd>{lagMs === undefined ? "–" : duration(lagMs)}</dd>
        </div>
      </dl>
      <Button aria-pressed={isPaused} onClick={onToggle} title="Pause, or go on (.)">
        {isPaused ? "Go on" : "Pause"}
      </Button>
    </header>
  );
}

type State = "open" | "still" | "lost" | "connecting";

function stateOf({ state, isPolled }: TailView, isPaused: boolean, touch: Touch): readonly [State, string] {
  if (isPaused) return ["still", "Paused"];
  if (touch.isPointedAt || touch.hasFocus) return ["still", "Holding still while you are here"];
  if (touch.isScrolled) return ["still", "Holding still while scrolled"];
  if (state === "lost") return ["lost", "Connection lost, asking every 2 s"];
  if (isPolled) return ["open", "Asking every 2 s"];
  return state === "open" ? ["open", "Following"] : ["connecting", "Connecting"];
}
