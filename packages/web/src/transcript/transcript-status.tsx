import { Button } from "../elements/button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { exact, many } from "../format/quantities.ts";
import { NoContent } from "./no-content.tsx";
import css from "./transcript-view.module.css";
import type { TranscriptState } from "./use-transcript.ts";

/** How far the transcript is, what failed, and what is missing from it. */
export function TranscriptStatus({ state }: { readonly state: TranscriptState }) {
  const { read, isReading, error, goOn } = state;
  if (error !== undefined) return <Trouble error={error} again={goOn} />;
  if (read === undefined) return null;
  const { steps, total } = read;
  return (
    <>
      {!read.hasContent && !isReading && <NoContent />}
      {steps.length < total && (
        <p className={css.status} role="status">
          {exact(steps.length)} of {many(total, "step")} read
          {!isReading && (
            <Button variant="quiet" onClick={goOn}>
              Read on
            </Button>
          )}
        </p>
      )}
    </>
  );
}

export function TranscriptSkeleton() {
  return (
    <div className={css.skeleton} role="status" aria-label="Reading what was said">
      {["60%", "90%", "75%", "40%", "85%", "65%"].map((width, at) => (
        <div key={at} style={{ width }} />
      ))}
    </div>
  );
}
