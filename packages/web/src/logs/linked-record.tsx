import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { Trouble } from "../elements/trouble.tsx";
import { Link } from "../location/link.tsx";
import css from "./linked-record.module.css";
import { logsWith } from "./log-query.ts";
import { LogRow } from "./log-row.tsx";

interface LinkedRecordProps {
  readonly id: string;
  readonly query: URLSearchParams;
  readonly nowMs: number;
}

/** A record that the address names and that is not among those shown. */
export function LinkedRecord({ id, query, nowMs }: LinkedRecordProps) {
  const { data, error, refetch } = useQuery({
    queryKey: ["log", id],
    queryFn: ({ signal }) => api.logs({ id }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const item = data?.items[0];
  const close = <Link href={logsWith(query, {})}>Close</Link>;
  if (error !== null) return <Trouble error={error} again={() => void refetch()} />;
  if (data === undefined) return null;
  if (item === undefined) return <p className={css.gone}>The linked record is no longer stored. {close}</p>;
  return (
    <section className={css.linked} aria-label="Linked record">
      <p>
        <span>Linked record, which is not among those below</span>
        {close}
      </p>
      <LogRow item={item} nowMs={nowMs} isOpen onToggle={() => {}} isTabStop />
    </section>
  );
}
