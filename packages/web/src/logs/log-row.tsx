import type { LogItem } from "@clew/protocol/api/logs";
import { Icon } from "../elements/icon.tsx";
import { fullMoment, moment } from "../format/moments.ts";
import { Link } from "../location/link.tsx";
import { spanAddress } from "./log-address.ts";
import { LogRecord } from "./log-record.tsx";
import css from "./log-row.module.css";
import { logText } from "./log-text.ts";
import { severityOf } from "./severity.ts";
import { SeverityMark } from "./severity-mark.tsx";

export interface LogRowProps {
  readonly item: LogItem;
  readonly nowMs: number;
  /** Whether all of the record is shown below its line. */
  readonly isOpen: boolean;
  readonly onToggle: () => void;
  /** The one row of a list that the Tab key leads to. */
  readonly isTabStop: boolean;
  /** In place of the time of day. */
  readonly time?: string | undefined;
  /** The trace whose records the list has: it is not named again, and spans are chosen rather than opened. */
  readonly within?: { readonly traceId: string; readonly onSpan: (spanId: string) => void } | undefined;
}

/** One log record as a line; its button, marked `data-log`, opens and closes the record. For a list's item to hold. */
export function LogRow({ item, nowMs, isOpen, onToggle, isTabStop, time, within }: LogRowProps) {
  const tabIndex = isTabStop ? 0 : -1;
  const text = logText(item);
  return (
    <div className={css.row} data-open={isOpen} data-severity={severityOf(item)}>
      <div className={css.line}>
        <button
          type="button"
          data-log={item.id}
          className={css.open}
          aria-expanded={isOpen}
          tabIndex={tabIndex}
          onClick={onToggle}
        >
          <Icon name="chevron" className={css.chevron} />
          <SeverityMark severity={severityOf(item)} text={item.severityText} />
          <time dateTime={new Date(item.timeMs).toISOString()} title={fullMoment(item.timeMs)}>
            {time ?? exactMoment(item.timeMs, nowMs)}
          </time>
          <span className={css.service} title={item.service}>
            {item.service}
          </span>
          <span className={css.text}>
            {item.eventName !== "" && <em>{item.eventName}</em>}
            {text}
            {text === "" && item.eventName === "" && <i>No body</i>}
          </span>
        </button>
        <Chips item={item} within={within} tabIndex={tabIndex} />
      </div>
      {isOpen && <LogRecord item={item} within={within} />}
    </div>
  );
}

function Chips({
  item: { traceId, spanId, relation },
  within,
  tabIndex,
}: Pick<LogRowProps, "item" | "within"> & { readonly tabIndex: number }) {
  const isOther = within === undefined || within.traceId !== traceId;
  return (
    <span className={css.chips}>
      {relation === "instance" && (
        <span className={css.other} title="Of the same instance of the service, and of no or another trace">
          same instance
        </span>
      )}
      {traceId !== "" && isOther && (
        <Link
          className={css.chip}
          href={spanAddress(traceId, "")}
          tabIndex={tabIndex}
          title={`Trace ${traceId}`}
        >
          trace <code>{traceId.slice(0, 8)}</code>
        </Link>
      )}
      {traceId !== "" && spanId !== "" && (
        <Link
          className={css.chip}
          href={spanAddress(traceId, spanId)}
          tabIndex={tabIndex}
          title={`Span ${spanId} in its trace`}
          onClick={(event) => {
            if (isOther) return;
            event.preventDefault();
            within.onSpan(spanId);
          }}
        >
          span <code>{spanId.slice(0, 8)}</code>
        </Link>
      )}
    </span>
  );
}

/** Records follow one another faster than seconds tell. */
function exactMoment(ms: number, nowMs: number): string {
  const millis = String(Math.floor(((ms % 1000) + 1000) % 1000)).padStart(3, "0");
  return `${moment(ms, nowMs)}.${millis}`;
}
