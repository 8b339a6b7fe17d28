import { Button } from "../elements/button.tsx";
import { Link } from "../location/link.tsx";
import css from "./demo-card.module.css";
import { loadDemo, useDemoRun } from "./demo-run.ts";

/** Agents that run at the push of a button, for those who have none at hand. */
export function DemoCard() {
  const run = useDemoRun();
  const isRunning = run?.state === "running";
  return (
    <section className={css.card} aria-label="Demo">
      <div className={css.head}>
        <div>
          <h2>No agent at hand?</h2>
          <p>
            Three support agents and three services answer two customers, for real, on the server's machine:
            once well, once with an error. It needs no network and no key, and takes some ten seconds.
          </p>
        </div>
        <Button variant="strong" disabled={isRunning} onClick={() => void loadDemo()}>
          {isRunning ? "Running …" : run === undefined ? "Load demo" : "Run it again"}
        </Button>
      </div>
      {isRunning && <progress className={css.progress} aria-label="The demo is running" />}
      {run !== undefined && (
        <div role="status" className={css.said}>
          {isRunning && run.lines.length === 0 && <p>Seven processes start …</p>}
          {run.lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
          {run.state === "failed" && <p className={css.failed}>{run.error}</p>}
          {run.state === "done" && (
            <p>
              {run.traces.map(({ traceId, failed }) => (
                <Link key={traceId} href={`/traces/${traceId}`}>
                  {failed ? "The trace that failed" : "The trace that went well"}
                </Link>
              ))}
            </p>
          )}
        </div>
      )}
    </section>
  );
}
