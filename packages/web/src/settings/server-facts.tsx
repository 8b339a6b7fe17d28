import type { ServerStatus, Setup } from "@clew/protocol/api/server-status";
import type { ReactNode } from "react";
import { fullMoment } from "../format/moments.ts";
import { bytes, duration, exact } from "../format/quantities.ts";
import css from "./settings-page.module.css";

/** Where the server is, where it keeps what it receives, and how much that is. */
export function ServerFacts({
  status,
  setup,
}: {
  readonly status: ServerStatus;
  readonly setup: Setup | undefined;
}) {
  const { store, stored, pipeline, ingest } = status;
  const { traces, logs, metrics } = ingest.signals;
  return (
    <div className={css.card}>
      <dl className={css.facts}>
        <Fact name="Store">
          {store.state} <code>{store.location}</code>
        </Fact>
        {setup?.otlp.http && (
          <Fact name="OTLP/HTTP">
            <code>{setup.otlp.http}</code>
          </Fact>
        )}
        {setup?.otlp.grpc && (
          <Fact name="OTLP/gRPC">
            <code>{setup.otlp.grpc}</code>
          </Fact>
        )}
        {stored === undefined ? (
          <Fact name="Stored">The store does not answer just now.</Fact>
        ) : (
          <>
            <Fact name="Stored">
              {exact(stored.spans)} spans in {exact(stored.traces)} traces, {exact(stored.logs)} log records,{" "}
              {exact(stored.metricPoints)} metric points
            </Fact>
            {stored.oldestMs !== undefined && stored.newestMs !== undefined && (
              <Fact name="From, to">
                {fullMoment(stored.oldestMs)} – {fullMoment(stored.newestMs)}
              </Fact>
            )}
            <Fact name="Disk used">
              {bytes(stored.diskBytes)}
              {stored.spans > 0 && `, ${bytes(Math.round(stored.diskBytes / stored.spans))} for each span`}
            </Fact>
          </>
        )}
        <Fact name="Received">
          {exact(traces.records)} spans, {exact(logs.records)} log records, {exact(metrics.records)} metric
          points since it started {duration(status.uptimeMs)} ago
        </Fact>
        {pipeline !== undefined && (
          <Fact name="On its way">
            {pipeline.logBytes === 0
              ? "Everything received is stored"
              : `${bytes(pipeline.logBytes)} wait for the store`}
            {pipeline.trouble && (
              <>
                . <strong>{pipeline.trouble.message}</strong>
              </>
            )}
          </Fact>
        )}
      </dl>
      {stored !== undefined && <Tables status={stored} />}
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What each table takes of the disk. */
function Tables({ status: { tables } }: { readonly status: NonNullable<ServerStatus["stored"]> }) {
  const used = tables.filter(({ rows }) => rows > 0).toSorted((a, b) => b.diskBytes - a.diskBytes);
  const most = used[0]?.diskBytes ?? 0;
  if (used.length === 0) return null;
  return (
    <table className={css.table} aria-label="Disk used by table">
      <thead>
        <tr>
          <th scope="col">Table</th>
          <th scope="col" className={css.number}>
            Rows
          </th>
          <th scope="col" className={css.number}>
            Disk
          </th>
          <th scope="col" className={css.wide}>
            <span className={css.hidden}>Compared</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {used.map(({ table, rows, diskBytes }) => (
          <tr key={table}>
            <th scope="row">
              <code>{table}</code>
            </th>
            <td className={css.number}>{exact(rows)}</td>
            <td className={css.number}>{bytes(diskBytes)}</td>
            <td className={css.wide}>
              <span className={css.bar} style={{ width: `${Math.max(0.5, (diskBytes / most) * 100)}%` }} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
