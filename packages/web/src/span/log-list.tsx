import type { SpanDetail, SpanLog } from "@clew/protocol/api/span-detail";
import { plainValue } from "@clew/protocol/genai/plain-value";
import { AttributeList } from "./attribute-list.tsx";
import css from "./record-list.module.css";
import { sinceStart } from "./since-start.ts";
import { TextOrJson } from "./text-or-json.tsx";

/** OpenTelemetry's numbers from which a record tells of an error. */
const ERROR_FROM = 17;
/** The lowest number of each level, from the highest down. */
const LEVELS = [
  [21, "FATAL"],
  [17, "ERROR"],
  [13, "WARN"],
  [9, "INFO"],
  [5, "DEBUG"],
  [1, "TRACE"],
] as const;

export function LogList({ detail }: { readonly detail: SpanDetail }) {
  return (
    <ol className={css.list}>
      {detail.logs.map((log, at) => (
        <li key={at}>
          <header>
            <strong className={(log.severityNumber ?? 0) >= ERROR_FROM ? css.severe : undefined}>
              {level(log)}
            </strong>
            <span>{sinceStart(detail, log.timeUnixNano ?? log.observedTimeUnixNano)}</span>
            {log.eventName && <span>{log.eventName}</span>}
          </header>
          {log.body !== undefined && (
            <div>
              <TextOrJson value={plainValue(log.body)} />
            </div>
          )}
          {(log.attributes?.length ?? 0) > 0 && <AttributeList attributes={log.attributes ?? []} />}
        </li>
      ))}
    </ol>
  );
}

function level(log: SpanLog): string {
  if (log.severityText) return log.severityText;
  return LEVELS.find(([from]) => (log.severityNumber ?? 0) >= from)?.[1] ?? "log";
}
