import type { MapAnswer, MapNode } from "@clew/protocol/api/map";
import {
  type CSSProperties,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { Button } from "../elements/button.tsx";
import { Icon } from "../elements/icon.tsx";
import { cost, duration, many } from "../format/quantities.ts";
import { useKeys } from "../location/use-keys.ts";
import { useWidth } from "../search/use-width.ts";
import { MapEdges } from "./map-edges.tsx";
import css from "./map-graph.module.css";
import { mapLayout, NODE, type PlacedNode } from "./map-layout.ts";
import type { MapTime } from "./map-trace-links.ts";
import { isWalkKey, type WalkKey, walked } from "./map-walk.ts";
import { percent, redness, tokenText } from "./map-words.ts";
import { NODE_ICONS } from "./node-icons.ts";

interface MapGraphProps {
  readonly answer: MapAnswer;
  readonly time: MapTime;
  readonly onFocus: (key: string) => void;
}

/** Who called whom, from left to right. The tables say the same to those who do not see it. */
export function MapGraph({ answer, time, onFocus }: MapGraphProps) {
  const group = useRef<HTMLDivElement>(null);
  const layout = useMemo(() => mapLayout(answer), [answer]);
  const byKey = useMemo(() => new Map(answer.nodes.map((node) => [node.key, node])), [answer]);
  const room = useWidth(group);
  const [fits, setFits] = useState(false);
  const [lit, setLit] = useState<string>();
  const centre = answer.focus?.keys ?? [];
  const { current, walk, hold } = useWalk(layout.nodes, centre[0], group, (key, by) =>
    walked(layout, key, by),
  );
  const centreKey = centre[0];
  useEffect(() => {
    const placed = layout.nodes.find(({ node }) => node.key === centreKey);
    const { current: element } = group;
    if (placed === undefined || element === null) return;
    element.scrollLeft = placed.left + NODE.width / 2 - element.clientWidth / 2;
  }, [layout, centreKey]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || !isWalkKey(event.key)) return;
    event.preventDefault();
    walk(event.key);
  };
  const isWide = room > 0 && layout.width > room;
  const zoom = isWide && fits ? room / layout.width : 1;
  return (
    <>
      <div className={css.graph} ref={group} role="group" aria-label="Map" onKeyDown={onKeyDown}>
        <div className={css.sheet} style={{ width: layout.width, height: layout.height, zoom }}>
          <MapEdges layout={layout} nodes={byKey} time={time} lit={byKey.has(lit ?? "") ? lit : undefined} />
          {layout.nodes.map(({ node, left, top }) => (
            <button
              key={node.key}
              type="button"
              className={css.node}
              data-node={node.key}
              aria-current={centre.includes(node.key) ? "true" : undefined}
              tabIndex={node.key === current ? 0 : -1}
              style={
                {
                  ...{ left, top, width: NODE.width, height: NODE.height },
                  "--failed": redness(node.errRate),
                } as CSSProperties
              }
              onFocus={() => {
                hold(node.key);
                setLit(node.key);
              }}
              onBlur={({ relatedTarget }) => {
                if (relatedTarget === null) return;
                hold(undefined);
                setLit(undefined);
              }}
              onMouseEnter={() => setLit(node.key)}
              onMouseLeave={() => setLit(undefined)}
              onClick={() => onFocus(node.key)}
            >
              <NodeFacts node={node} />
            </button>
          ))}
        </div>
      </div>
      {isWide && (
        <Button className={css.fit} aria-pressed={fits} onClick={() => setFits(!fits)}>
          Fit to width
        </Button>
      )}
    </>
  );
}

/** One node is the stop of the Tab key; arrows lead to the others. */
function useWalk(
  nodes: readonly PlacedNode[],
  first: string | undefined,
  group: RefObject<HTMLElement | null>,
  next: (key: string | undefined, by: WalkKey) => string | undefined,
) {
  const [walkedTo, setWalkedTo] = useState<string>();
  const isThere = nodes.some(({ node }) => node.key === walkedTo);
  const current = isThere ? walkedTo : (first ?? nodes[0]?.node.key);
  const hadFocus = useRef(false);
  const focus = (key: string | undefined): void => {
    if (key === undefined) return;
    group.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(key)}"]`)?.focus();
  };
  // A button that another map moves, or lacks, loses the focus.
  useLayoutEffect(() => {
    if (hadFocus.current && document.activeElement === document.body) focus(current);
  });
  const walk = (by: WalkKey): boolean => {
    const { activeElement } = document;
    const isInside = group.current?.contains(activeElement) === true;
    // Elsewhere arrows scroll.
    if (!isInside && activeElement !== document.body) return false;
    focus(isInside ? next(current, by) : current);
    return true;
  };
  useKeys({
    ArrowLeft: () => walk("ArrowLeft"),
    ArrowRight: () => walk("ArrowRight"),
    ArrowUp: () => walk("ArrowUp"),
    ArrowDown: () => walk("ArrowDown"),
  });
  /** The node that has the focus; undefined when something else got it. */
  const hold = (key: string | undefined): void => {
    hadFocus.current = key !== undefined;
    if (key !== undefined) setWalkedTo(key);
  };
  return { current, walk, hold };
}

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
