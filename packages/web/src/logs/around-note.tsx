import type { LogSurroundings } from "@clew/protocol/api/logs";
import { moment } from "../format/moments.ts";
import { Link } from "../location/link.tsx";
import { go } from "../location/place.ts";
import { shortText } from "../search/attribute-text.ts";
import css from "./around-note.module.css";
import { spanAddress } from "./log-address.ts";
import { logsWith } from "./log-query.ts";

const MARGINS = [
  ["1s", "1 second"],
  ["5s", "5 seconds"],
  ["30s", "30 seconds"],
  ["2m", "2 minutes"],
  ["10m", "10 minutes"],
] as const;
const DEFAULT_MARGIN = "5s";

interface AroundNoteProps {
  readonly query: URLSearchParams;
  /** Undefined until the server has answered. */
  readonly around: LogSurroundings | undefined;
}

/** Which records "around a span" are, and how far around. */
export function AroundNote({ query, around }: AroundNoteProps) {
  const margin = query.get("margin") ?? DEFAULT_MARGIN;
  const isUsual = MARGINS.some(([value]) => value === margin);
  return (
    <div className={css.note}>
      <p>
        Around{" "}
        {around === undefined ? (
          "a span"
        ) : (
          <Link href={spanAddress(around.traceId, around.spanId)}>span {around.spanId.slice(0, 8)}</Link>
        )}
        : its own records, those of its trace, and those of{" "}
        {around === undefined ? "the same instance of its service" : instanceOf(around)}
        {around !== undefined && (
          <>
            , from {msMoment(around.fromNanos)} to {msMoment(around.toNanos)}
          </>
        )}
        .
      </p>
      <label>
        Before and after{" "}
        <select
          value={margin}
          onChange={({ target: { value } }) =>
            go(logsWith(query, { margin: value === DEFAULT_MARGIN ? undefined : value }))
          }
        >
          {MARGINS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
          {!isUsual && <option value={margin}>{margin}</option>}
        </select>
      </label>
    </div>
  );
}

function instanceOf({ service, instance }: LogSurroundings): string {
  const name = service === "" ? "its service" : service;
  return instance.length === 0 ? `all of ${name}` : `${name}, ${instance.map(shortText).join(", ")}`;
}

function msMoment(nanos: string): string {
  return moment(Number(BigInt(nanos) / 1_000_000n), Date.now());
}
