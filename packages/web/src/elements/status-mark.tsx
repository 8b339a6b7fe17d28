import type { TraceItem, TraceStatus } from "@clew/protocol/api/trace-item";
import { Hidden } from "./hidden.tsx";
import { Icon } from "./icon.tsx";
import css from "./status-mark.module.css";

export type Status = TraceStatus | "running";

const WORDS: Readonly<Record<Status, string>> = {
  error: "Error",
  ok: "OK",
  unset: "No error",
  running: "Running",
};

/** An error that happened stays one, whatever else is still running. */
export function statusOf(item: TraceItem): Status {
  return item.isRunning && item.status !== "error" ? "running" : item.status;
}

export function StatusMark({
  status,
  withWord = false,
}: {
  readonly status: Status;
  readonly withWord?: boolean;
}) {
  return (
    <span className={css.mark} data-status={status} title={WORDS[status]}>
      <Icon name={status === "unset" ? "ok" : status} />
      {withWord ? <span>{WORDS[status]}</span> : <Hidden>{WORDS[status]}</Hidden>}
    </span>
  );
}
