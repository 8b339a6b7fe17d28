import { useEffect, useRef } from "react";
import { StatusMark } from "../elements/status-mark.tsx";
import { many } from "../format/quantities.ts";
import { seeRefused } from "../shell/refused-seen.ts";
import { usePulse } from "../shell/use-pulse.ts";
import css from "./request-log.module.css";

/** What was refused since the server started, added up by reason; nothing while nothing was. */
export function Refusals() {
  const { counters } = usePulse();
  const section = useRef<HTMLElement>(null);
  const refusals = counters?.refusals ?? [];
  const hasSome = refusals.length > 0;
  useEffect(() => {
    if (counters !== undefined) seeRefused(counters);
  }, [counters]);
  useEffect(() => {
    if (hasSome && location.hash === "#refused") section.current?.scrollIntoView();
  }, [hasSome]);
  if (!hasSome) return null;
  return (
    <section ref={section} id="refused" aria-labelledby="refused-name" className={css.refused}>
      <h2 id="refused-name">Refused since the server started</h2>
      <ul className={css.list}>
        {refusals.map(({ code, reason, count }) => (
          <li key={`${code} ${reason}`} data-ok="false">
            <StatusMark status="error" />
            <span className={css.code}>{code}</span>
            <div className={css.what}>{reason}</div>
            <span className={css.count}>{many(count, "request")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
