import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Button } from "../elements/button.tsx";
import { Icon } from "../elements/icon.tsx";
import css from "./connection-banner.module.css";
import type { Pulse } from "./use-pulse.ts";

/** Says that the server does not answer; what could not be loaded meanwhile is loaded when it does again. */
export function ConnectionBanner({ pulse: { state, again } }: { readonly pulse: Pulse }) {
  const queries = useQueryClient();
  const wasLost = useRef(false);
  useEffect(() => {
    if (state === "open" && wasLost.current) {
      void queries.refetchQueries({ type: "active", predicate: (query) => query.state.status === "error" });
    }
    if (state !== "connecting") wasLost.current = state === "lost";
  }, [state, queries]);
  return (
    <div role="status" className={css.place}>
      {state === "lost" && (
        <div className={css.banner}>
          <Icon name="error" />
          <span>The server does not answer. What is shown may be old; the page tries again by itself.</span>
          <Button onClick={again}>Try now</Button>
        </div>
      )}
    </div>
  );
}
