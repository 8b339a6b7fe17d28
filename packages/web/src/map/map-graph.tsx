import type { MapAnswer, MapNode } from "@clew/protocol/api/map";
import { type KeyboardEvent, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Icon } from "../elements/icon.tsx";
import { cost, duration, exact, many } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import { useKeys } from "../location/use-keys.ts";
import css from "./map-graph.module.css";
import { edgeLabels } from "./map-labels.ts";
import { MOST_NODES, mapLayout, NODE } from "./map-layout.ts";
import { type MapTime, tracesOfEdge } from "./map-trace-links.ts";
import { isWalkKey, type WalkKey, walked } from "./map-walk.ts";
import { edgeWords, percent, tokenText } from "./map-words.ts";
import { NODE_ICONS } from "./node-icons.ts";

interface MapGraphProps {
  readonly answer: MapAnswer;
  readonly time: MapTime;
  readonly onFocus: (key: string) => void;
}

/** With more edges only those that failed, and those of the node that the keyboard is at, are labelled. */
const MOST_LABELS = 24;
const LINE = { least: 1.5, most: 8 };

/** Who called whom, from left to right. The tables say the same to those who do not see it. */
export function MapGraph({ answer, time, onFocus }: MapGraphProps) {
  const id = useId();
  const group = useRef<HTMLDivElement>(null);
  const layout = useMemo(() => mapLayout(answer), [answer]);
  const labels = useMemo(() => edgeLabels(layout.edges, ({ edge }) => edgeWords(edge)), [layout]);
  const byKey = useMemo(() => new Map(answer.nodes.map((node) => [node.key, node])), [answer]);
  const centre = answer.focus?.keys ?? [];
  const [walkedTo, setWalkedTo] = useState<string>();
  const isHere = layout.nodes.some(({ node }) => node.key === walkedTo);
  const current = isHere ? walkedTo : (centre[0] ?? layout.nodes[0]?.node.key);
  const hadFocus = useRef(false);
  const nodeElement = (key: string | undefined): HTMLElement | null =>
    key === undefined
      ? null
      : (group.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(key)}"]`) ?? null);
  // A button that another map moves, or lacks, loses the focus.
  useLayoutEffect(() => {
    if (hadFocus.current && document.activeElement === document.body) nodeElement(current)?.focus();
  });
  const walk = (by: WalkKey): boolean => {
    const { activeElement } = document;
    const isInside = group.current?.contains(activeElement) === true;
    // Elsewhere arrows scroll.
    if (!isInside && activeElement !== document.body) return false;
    const next = isInside ? walked(layout, current, by) : current;
    nodeElement(next)?.focus();
    return next !== undefined;
  };
  useKeys({
    ArrowLeft: () => walk("ArrowLeft"),
    ArrowRight: () => walk("ArrowRight"),
    ArrowUp: () => walk("ArrowUp"),
    ArrowDown: () => walk("ArrowDown"),
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || !isWalkKey(event.key)) return;
    event.preventDefault();
    walk(event.key);
  };
  const most = Math.max(1, ...layout.edges.map(({ edge }) => edge.calls));
  const isCrowded = layout.edges.length > MOST_LABELS;
  return (
    <div className={css.graph} ref={group} role="group" aria-label="Map" onKeyDown={onKeyDown}>
      <div className={css.sheet} style={{ width: layout.width, height: layout.height }}>
        <svg
          className={css.edges}
          width={layout.width}
          height={layout.height}
          aria-hidden="true"
          focusable="false"
        >
          <defs>
            {TIPS.map(({ type, failed, d }) => (
              <marker
                key={`${type} ${failed}`}
                id={`${id}${type}${failed}`}
                className={css.tip}
                data-type={type}
                data-failed={failed}
                viewBox="0 0 12 12"
                refX="1"
                refY="6"
                markerWidth="12"
                markerHeight="12"
                markerUnits="userSpaceOnUse"
                orient="auto"
              >
                <path d={d} />
              </marker>
            ))}
          </defs>
          {layout.edges.map(({ edge, path }, at) => {
            const { x, y, lines } = labels[at]!;
            const { from, to, type, errors, calls } = edge;
            const failed = errors > 0;
            const [fromNode, toNode] = [byKey.get(from)!, byKey.get(to)!];
            const width = LINE.least + (LINE.most - LINE.least) * Math.sqrt(calls / most);
            return (
              <Link
                key={`${type} ${from} ${to}`}
                className={css.edge}
                href={tracesOfEdge(edge, fromNode, toNode, time)}
                tabIndex={-1}
                data-type={type}
                data-failed={failed}
                data-near={from === current || to === current}
              >
                <title>{`${fromNode.name} → ${toNode.name}: ${edgeWords(edge).join(", ")}. Show its traces`}</title>
                <path className={css.reach} d={path} />
                <path
                  className={css.line}
                  d={path}
                  style={{ strokeWidth: width }}
                  markerEnd={`url(#${id}${type}${failed})`}
                />
                <text x={x} y={y} data-quiet={isCrowded && !failed}>
                  {lines.map((line, row) => (
                    <tspan key={line} x={x} dy={row === 0 ? 0 : 14}>
                      {line}
                    </tspan>
                  ))}
                </text>
              </Link>
            );
          })}
        </svg>
        {layout.nodes.map(({ node, left, top }) => (
          <button
            key={node.key}
            type="button"
            className={css.node}
            data-node={node.key}
            data-failed={node.errors > 0}
            aria-current={centre.includes(node.key) ? "true" : undefined}
            tabIndex={node.key === current ? 0 : -1}
            style={{ left, top, width: NODE.width, height: NODE.height }}
            onFocus={() => {
              hadFocus.current = true;
              setWalkedTo(node.key);
            }}
            onBlur={({ relatedTarget }) => {
              if (relatedTarget !== null) hadFocus.current = false;
            }}
            onClick={() => onFocus(node.key)}
          >
            <NodeFacts node={node} />
          </button>
        ))}
      </div>
    </div>
  );
}

const TIPS = (["call", "hand-off", "message"] as const).flatMap((type) =>
  [false, true].map((failed) => ({
    type,
    failed,
    d: {
      call: "M1 1L11 6L1 11z",
      "hand-off": "M0 0.5L6 6L0 11.5M5 0.5L11 6L5 11.5",
      message: "M1 1.5L10 6L1 10.5",
    }[type],
  })),
);

function NodeFacts({ node }: { readonly node: MapNode }) {
  const { type, name, calls, errRate, p95Ms, costUsd } = node;
  const tokens = tokenText(node);
  return (
    <>
      <span className={css.name} data-type={type} title={name}>
        <Icon name={NODE_ICONS[type]} />
        <bdi>{name}</bdi>
      </span>
      <span className={css.facts}>
        {calls === 0 ? "not called" : many(calls, "call")}
        {errRate > 0 && <em> {percent(errRate)} errors</em>}
      </span>
      <span className={css.facts}>{p95Ms !== null && `p95 ${duration(p95Ms)}`}</span>
      <span className={css.facts}>
        {tokens !== "" && `${tokens} tok `}
        {cost(costUsd)}
      </span>
    </>
  );
}

/** What the lines mean, and what the drawing has no room for. */
export function MapLegend({ answer }: { readonly answer: MapAnswer }) {
  const left = Math.max(0, answer.nodes.length - MOST_NODES);
  const types = new Set(answer.edges.map(({ type }) => type));
  return (
    <p className={css.legend}>
      {TIPS.filter(({ type, failed }) => !failed && types.has(type)).map(({ type, d }) => (
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
            <path className={css.swatchTip} d={d} transform="translate(28 0)" />
          </svg>
          {type}
        </span>
      ))}
      {answer.edges.length > 0 && <span>The wider a line, the more calls. A click shows its traces.</span>}
      {left > 0 && (
        <span>{exact(left)} less busy ones are not drawn; the table has them, and so has a focus.</span>
      )}
    </p>
  );
}
