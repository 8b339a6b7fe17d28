import type { MapNode } from "@clew/protocol/api/map";
import { type CSSProperties, useId, useMemo } from "react";
import { Link } from "../location/link.tsx";
import { EDGE_TIPS } from "./edge-tips.ts";
import css from "./map-graph.module.css";
import { edgeLabels, LINE_HEIGHT } from "./map-labels.ts";
import type { MapLayout } from "./map-layout.ts";
import { type MapTime, tracesOfEdge } from "./map-trace-links.ts";
import { edgeSentence, edgeWords, redness } from "./map-words.ts";

interface MapEdgesProps {
  readonly layout: MapLayout;
  readonly nodes: ReadonlyMap<string, MapNode>;
  readonly time: MapTime;
  /** Whose edges stand out. */
  readonly lit: string | undefined;
}

/** With more edges, only those that failed often and those that stand out are labelled. */
const MOST_LABELS = 24;
const OFTEN = 0.05;
const WIDTH = { least: 1.5, most: 8 };

/** The edges as lines that lead to their traces; tables have the same for keyboards. */
export function MapEdges({ layout, nodes, time, lit }: MapEdgesProps) {
  const id = useId();
  const { edges, width, height } = layout;
  const labels = useMemo(
    () =>
      edgeLabels(layout, ({ edge }, isOneLine) => {
        const { often, failed, took } = edgeWords(edge);
        const lines = [often.length + failed.length + 1, took.length];
        return isOneLine
          ? { characters: lines[0]! + lines[1]! + 2, lines: 1 }
          : { characters: Math.max(...lines), lines: 2 };
      }),
    [layout],
  );
  const most = Math.max(1, ...edges.map(({ edge }) => edge.calls));
  const isCrowded = edges.length > MOST_LABELS;
  return (
    <svg
      className={css.edges}
      width={width}
      height={height}
      data-lit={lit !== undefined}
      aria-hidden="true"
      focusable="false"
    >
      {edges.map(({ edge, path }, at) => {
        const { from, to, type, errRate, calls } = edge;
        const { often, failed, took } = edgeWords(edge);
        const { x, y, anchor, isOneLine } = labels[at]!;
        const [fromNode, toNode] = [nodes.get(from)!, nodes.get(to)!];
        const strokeWidth = WIDTH.least + (WIDTH.most - WIDTH.least) * Math.sqrt(calls / most);
        return (
          <Link
            key={`${type} ${from} ${to}`}
            className={css.edge}
            href={tracesOfEdge(edge, fromNode, toNode, time)}
            tabIndex={-1}
            data-type={type}
            data-near={from === lit || to === lit}
            style={{ "--failed": redness(errRate) } as CSSProperties}
          >
            <title>{`${fromNode.name} → ${toNode.name}: ${edgeSentence(edge)}. Show its traces`}</title>
            <marker
              id={`${id}${at}`}
              viewBox="0 0 12 12"
              refX="1"
              refY="6"
              markerWidth="12"
              markerHeight="12"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              <path className={css.tip} d={EDGE_TIPS.find((tip) => tip.type === type)!.path} />
            </marker>
            <path className={css.reach} d={path} />
            <path className={css.line} d={path} style={{ strokeWidth }} markerEnd={`url(#${id}${at})`} />
            <text x={x} y={y} textAnchor={anchor} data-quiet={isCrowded && errRate < OFTEN}>
              {often}
              {failed !== "" && <tspan className={css.failed}>{` ${failed}`}</tspan>}
              {isOneLine ? ` ${took}` : null}
              {!isOneLine && (
                <tspan x={x} dy={LINE_HEIGHT}>
                  {took}
                </tspan>
              )}
            </text>
          </Link>
        );
      })}
    </svg>
  );
}
