import type { MapAnswer } from "@clew/protocol/api/map";
import { Link } from "../location/link.tsx";
import { type Place, withQuery } from "../location/place.ts";
import { EmptyList } from "../traces/list-states.tsx";
import { SPANS_OF_TIME } from "../traces/shown-time.ts";
import type { MapPlace } from "./map-request.ts";
import css from "./no-map.module.css";

interface NoMapProps {
  readonly place: Place;
  readonly asked: MapPlace;
}

/** Nothing began in the time. */
export function EmptyMap({ place, asked: { from, to } }: NoMapProps) {
  const at = SPANS_OF_TIME.findIndex(([value]) => value === from);
  const longer = to === undefined && at >= 0 ? SPANS_OF_TIME.slice(at + 1) : SPANS_OF_TIME;
  return (
    <EmptyList
      title="No trace began in this time"
      action={
        <span className={css.ways}>
          {longer.map(([value, label]) => (
            <Link key={value} href={withQuery(place, { from: value, to: undefined })}>
              {label}
            </Link>
          ))}
          <Link href="/traces">All traces</Link>
        </span>
      }
    >
      The map is made of all traces that began in the time chosen above. Another time may have some.
    </EmptyList>
  );
}

/** The focus is not on the map. */
export function UnknownFocus({ place, asked, answer }: NoMapProps & { readonly answer: MapAnswer }) {
  const nearest = answer.focus?.nearest;
  return (
    <EmptyList
      title="The focus is not on this map"
      action={
        <span className={css.ways}>
          {nearest !== undefined && (
            <Link href={withQuery(place, { focus: nearest })}>
              Focus <bdi>{nearest}</bdi>
            </Link>
          )}
          <Link href={withQuery(place, { focus: undefined, depth: undefined })}>Whole map</Link>
        </span>
      }
    >
      Nothing in this time is called <q className={css.name}>{asked.focus}</q>.
    </EmptyList>
  );
}
