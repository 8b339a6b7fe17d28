import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { StatusMark } from "../elements/status-mark.tsx";
import { many } from "../format/quantities.ts";
import css from "./request-log.module.css";

const AGAIN_MS = 5000;

/** What was refused since the server started, added up by reason; nothing while nothing was. */
export function Refusals() {
  const { data } = useQuery({
    queryKey: ["status"],
    queryFn: ({ signal }) => api.status({ signal }),
    refetchInterval: AGAIN_MS,
  });
  const refusals = data?.ingest.refusals ?? [];
  if (refusals.length === 0) return null;
  return (
    <section aria-labelledby="refused">
      <h2 id="refused">Refused since the server started</h2>
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
