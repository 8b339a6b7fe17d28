import { ApiError, ServerUnreachable } from "@clew/protocol/api/api-error";
import { Button } from "./button.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Icon } from "./icon.tsx";
import css from "./trouble.module.css";

interface Telling {
  readonly what: string;
  readonly hint: string | undefined;
  readonly requestId: string | undefined;
}

function tell(error: unknown): Telling {
  if (error instanceof ServerUnreachable) {
    return {
      what: "The server does not answer.",
      hint: "Is it still running? The page tries again when you ask.",
      requestId: undefined,
    };
  }
  if (error instanceof ApiError) return { what: error.message, hint: error.hint, requestId: error.requestId };
  return {
    what: error instanceof Error ? error.message : String(error),
    hint: undefined,
    requestId: undefined,
  };
}

/** What failed, what to do about it, and a way to try again. */
export function Trouble({ error, again }: { readonly error: unknown; readonly again?: () => void }) {
  const { what, hint, requestId } = tell(error);
  return (
    <div className={css.trouble} role="alert">
      <Icon name="error" />
      <div>
        <p className={css.what}>{what}</p>
        {hint && <p>{hint}</p>}
        {requestId && (
          <p className={css.request}>
            Request {requestId}
            <CopyButton label="Copy" text={() => requestId} />
          </p>
        )}
      </div>
      {again && <Button onClick={again}>Try again</Button>}
    </div>
  );
}
