import type { MapAnswer } from "@clew/protocol/api/map";
import { moment } from "../format/moments.ts";
import { exact, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { type Place, withQuery } from "../location/place.ts";
import css from "./map-notes.module.css";

const REASONS = {
  time: "Looking at all of them takes longer than a query may.",
  size: "Looking at all of them reads more than a query may.",
} as const;

/** What the map does not have. */
export function MapNotes({
  place,
  answer: { partial, tooLarge, truncated, nodes, edges },
}: {
  readonly place: Place;
  readonly answer: MapAnswer;
}) {
  if (partial === undefined && tooLarge === undefined && truncated === undefined) return null;
  return (
    <div className={css.notes} role="status">
      {partial !== undefined && (
        <p>
          This is a part, of traces that began at {moment(partial.fromMs, Date.now())} or later.{" "}
          {REASONS[partial.reason]}{" "}
          <Link href={withQuery(place, { to: String(Math.floor(partial.fromMs)) })}>
            Show what was before
          </Link>
        </p>
      )}
      {tooLarge !== undefined && <p>{many(tooLarge, "trace")} of more than 100,000 spans left out.</p>}
      {truncated !== undefined && (
        <p>
          The busiest {exact(nodes.length)} of {many(truncated.nodes, "node")} and {exact(edges.length)} of{" "}
          {many(truncated.edges, "edge")}; a focus shows what is near one.
        </p>
      )}
    </div>
  );
}
