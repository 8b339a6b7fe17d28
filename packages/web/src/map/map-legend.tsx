import type { MapAnswer } from "@clew/protocol/api/map";
import { exact } from "../format/quantities.ts";
import { EDGE_TIPS } from "./edge-tips.ts";
import css from "./map-graph.module.css";
import { MOST_NODES } from "./map-layout.ts";

/** What the lines mean, and what the drawing has no room for. */
export function MapLegend({ answer: { nodes, edges } }: { readonly answer: MapAnswer }) {
  const left = Math.max(0, nodes.length - MOST_NODES);
  const types = new Set(edges.map(({ type }) => type));
  return (
    <p className={css.legend}>
      {EDGE_TIPS.filter(({ type }) => types.has(type)).map(({ type, path }) => (
        <span key={type}>
          <svg
            className={css.swatch}
            data-type={type}
            width="40"
            height="12"
            aria-hidden="true"
            focusable="false"
          >
            <path className={css.line} d="M0 6H28" />
            <path className={css.tip} d={path} transform="translate(28 0)" />
          </svg>
          {type}
        </span>
      ))}
      {edges.length > 0 && (
        <span>Wider: more calls. Redder: more of them failed. A click shows the traces.</span>
      )}
      {left > 0 && (
        <span>{exact(left)} less busy ones are not drawn; the table has them, and a focus draws them.</span>
      )}
    </p>
  );
}
