import { Icon } from "../elements/icon.tsx";
import { cost, count, duration, many } from "../format/quantities.ts";
import css from "./run-row.module.css";
import type { HandOffRow, RunRow } from "./transcript-rows.ts";

interface RunHeadProps {
  readonly row: RunRow;
  readonly onToggle: () => void;
}

/** Who begins, with its sums; closed, also what it was asked and answered. */
export function RunHead({ row, onToggle }: RunHeadProps) {
  const { run, isOpen, asked, answered } = row;
  const tokens = run.inputTokens + run.outputTokens;
  const facts = [
    run.modelCalls > 0 ? many(run.modelCalls, "model call") : "",
    run.toolCalls > 0 ? many(run.toolCalls, "tool call") : "",
    tokens > 0 ? `${count(tokens)} tokens` : "",
    cost(run.costMicro / 1e6),
    run.isRunning ? "running" : duration(run.durUs / 1000),
  ].filter((fact) => fact !== "");
  return (
    <div className={css.run} data-open={isOpen} data-failed={run.hasFailed}>
      <div className={css.head}>
        <button
          type="button"
          className={css.toggle}
          aria-expanded={isOpen}
          aria-label={`${run.label}: ${isOpen ? "close" : "open"}`}
          onClick={onToggle}
        >
          <Icon name="chevron" />
        </button>
        <span className={css.icon} data-agent={run.agent !== ""}>
          <Icon name={run.agent !== "" ? "agent" : "server"} />
        </span>
        <strong className={css.name}>
          <bdi>{run.label}</bdi>
        </strong>
        {run.errors > 0 && (
          <span className={css.errors}>
            <Icon name="error" />
            {run.hasFailed ? "failed" : many(run.errors, "error")}
          </span>
        )}
        <small className={css.facts}>{facts.join(" · ")}</small>
      </div>
      {!isOpen && asked !== "" && <Line what="In" text={asked} />}
      {!isOpen && answered !== "" && <Line what="Out" text={answered} />}
    </div>
  );
}

function Line({ what, text }: { readonly what: string; readonly text: string }) {
  return (
    <p className={css.line}>
      <span>{what}</span>
      <bdi>{text}</bdi>
    </p>
  );
}

export function HandOff({ row }: { readonly row: HandOffRow }) {
  const { from, run } = row;
  return (
    <p className={css.handOff}>
      <span>
        <bdi>{from.label}</bdi> <Icon name="client" /> <bdi>{run.label}</bdi>
        <small>{from.type === "message" ? "message" : "hand-off"}</small>
      </span>
    </p>
  );
}
