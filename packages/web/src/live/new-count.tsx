import { useEffect, useEffectEvent, useRef, useState } from "react";
import { many } from "../format/quantities.ts";
import css from "./live-page.module.css";
import type { Tail } from "./tail.ts";

const EVERY_MS = 5000;

/** Tells those who listen how many traces came, no more often than they can hear. */
export function NewCount({ tail }: { readonly tail: Tail }) {
  const came = tail.rows.length + tail.held.length + tail.dropped;
  const told = useRef(came);
  const [said, setSaid] = useState("");
  const tell = useEffectEvent(() => {
    const fresh = came - told.current;
    told.current = came;
    setSaid(fresh > 0 ? many(fresh, "new trace") : "");
  });
  useEffect(() => {
    const every = setInterval(() => tell(), EVERY_MS);
    return () => clearInterval(every);
  }, []);
  return (
    <p role="status" className={css.hidden}>
      {said}
    </p>
  );
}
