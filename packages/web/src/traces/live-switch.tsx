import type { FollowState } from "../api/follow.ts";
import css from "./live-switch.module.css";

interface LiveSwitchProps {
  readonly live: boolean;
  readonly isFirstPage: boolean;
  readonly state: FollowState;
  readonly onToggle: () => void;
  /** What comes. */
  readonly things?: string;
}

const WORDS: Readonly<Record<FollowState, string>> = {
  connecting: "Connecting",
  open: "Live",
  lost: "Connection lost, trying again",
  paused: "Paused",
};

/** Whether new traces come by themselves; older pages stand still. */
export function LiveSwitch({ live, isFirstPage, state, onToggle, things = "traces" }: LiveSwitchProps) {
  if (!isFirstPage) return <span className={css.still}>Older {things}</span>;
  return (
    <button
      type="button"
      className={css.switch}
      aria-pressed={live}
      data-state={state}
      onClick={onToggle}
      title={live ? "Stop following (l)" : `Follow new ${things} (l)`}
    >
      <span className={css.dot} />
      {live ? WORDS[state] : "Paused"}
    </button>
  );
}
