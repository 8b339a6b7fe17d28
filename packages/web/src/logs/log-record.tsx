import { useQuery } from "@tanstack/react-query";
import { api } from "../api/client.ts";
import { CopyButton } from "../elements/copy-button.tsx";
import { Trouble } from "../elements/trouble.tsx";
import { fullMoment } from "../format/moments.ts";
import { Link } from "../location/link.tsx";
import { AttributeList } from "../span/attribute-list.tsx";
import { TextOrJson } from "../span/text-or-json.tsx";
import { Ids } from "../traces/ids.tsx";
import { logsAddress } from "./log-address.ts";
import css from "./log-record.module.css";
import type { LogRowProps } from "./log-row.tsx";

/** All of a record: what the list has of it at once, the rest when the server has answered. */
export function LogRecord({ item, within }: Pick<LogRowProps, "item" | "within">) {
  const { data, error, refetch } = useQuery({
    queryKey: ["log", item.id],
    queryFn: ({ signal }) => api.logs({ id: item.id }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const found = data?.items[0];
  const record = found ?? item;
  const { traceId, spanId, attributes, droppedAttributesCount, whole } = record;
  const isGone = data !== undefined && found === undefined;
  return (
    <div className={css.record}>
      {error !== null && <Trouble error={error} again={() => void refetch()} />}
      {isGone && <p className={css.soft}>The record is no longer stored; this is what the list has of it.</p>}
      {record.body !== "" && (
        <section aria-label="Body" className={css.body}>
          <TextOrJson value={record.body} />
          {record.cut?.body && error === null && !isGone && <p className={css.soft}>Loading the rest …</p>}
        </section>
      )}
      <dl className={css.facts}>
        <Fact name="Time" value={fullMoment(record.timeMs)} />
        <Fact name="Nanoseconds" value={record.timeNanos} />
        <Fact
          name="Severity"
          value={
            record.severityNumber === 0 && record.severityText === ""
              ? ""
              : [record.severityText, record.severityNumber || ""].filter((one) => one !== "").join(", ")
          }
        />
        <Fact name="Event" value={record.eventName} />
        <Fact name="Service" value={record.service} />
        <Fact name="Library" value={`${record.scope} ${whole?.scope.version ?? ""}`.trim()} />
        <Fact name="Trace" value={traceId} />
        <Fact name="Span" value={spanId} />
      </dl>
      <section className={css.part} aria-label="Attributes">
        <p>Attributes</p>
        <AttributeList attributes={attributes} dropped={droppedAttributesCount} />
      </section>
      {whole !== undefined && whole.resource.attributes.length > 0 && (
        <details className={css.part}>
          <summary>Resource</summary>
          <AttributeList
            attributes={whole.resource.attributes}
            dropped={whole.resource.droppedAttributesCount}
          />
        </details>
      )}
      <p className={css.ways}>
        <Ids ids={record} />
        {spanId !== "" && (
          <Link href={logsAddress({ trace: traceId, around: spanId })}>What happened around this span</Link>
        )}
        {traceId !== "" && within === undefined && (
          <Link href={logsAddress({ trace: traceId })}>Records of this trace</Link>
        )}
        {record.service !== "" && (
          <Link href={logsAddress({ service: record.service })}>Records of {record.service}</Link>
        )}
        <CopyButton label="Copy as JSON" text={() => JSON.stringify(record, undefined, 2)} />
      </p>
    </div>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  if (value === "") return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
