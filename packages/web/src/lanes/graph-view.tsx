import { useId, useMemo } from "react";
import { Icon } from "../elements/icon.tsx";
import { cost, count, duration, exact, many } from "../format/quantities.ts";
import { HEATS, heatStep, heatText } from "../trace/heat.ts";
import { useFocusAtFirst } from "../trace/use-focus-at-first.ts";
import { BetweenLanes } from "./between-lanes.tsx";
import { agentGraph, type GraphEdge, layered, type NodePlace } from "./graph-layout.ts";
import css from "./graph-view.module.css";
import { laneHeat } from "./lane-heat.ts";
import { laneSums } from "./lane-sums.ts";
import { laneTimes } from "./lane-times.ts";
import type { LanesViewProps } from "./view-props.ts";

const NODE = { width: 184, height: 84 };
const GAP = { x: 110, y: 34 };
const PAD = 28;

/** Who called whom how often: agents as nodes, left to right in the order in which they got to work. */
export function GraphView({ analysed, grid, heat, place, window, selected, onSelect }: LanesViewProps) {
  const { analysis, trace } = analysed;
  const id = useId();
  useFocusAtFirst(grid);
  const graph = useMemo(() => agentGraph(analysis), [analysis]);
  const places = useMemo(() => layered(graph.nodes.length, graph.edges), [graph]);
  const times = useMemo(() => laneTimes(analysis), [analysis]);
  const sums = useMemo(() => laneSums(trace, analysis), [trace, analysis]);
  const columns = Math.max(0, ...places.map(({ column }) => column)) + 1;
  const rows = Math.max(0, ...places.map(({ row }) => row)) + 1;
  const width = 2 * PAD + columns * NODE.width + (columns - 1) * GAP.x;
  // What goes back needs room below.
  const height = 2 * PAD + rows * NODE.height + (rows - 1) * GAP.y + GAP.y;
  const selectedLane = selected < 0 ? -1 : analysis.lanes.laneOf[selected]!;
  const spent = graph.nodes.map(({ lanes }) => lanes.reduce((sum, lane) => sum + times[lane]!.us, 0));
  const most = Math.max(1, ...spent);
  const warmth = useMemo(() => heat && laneHeat(heat, analysed, times), [heat, analysed, times]);
  const warm = graph.nodes.map(({ lanes }) => lanes.reduce((sum, lane) => sum + (warmth?.[lane] ?? 0), 0));
  const warmest = Math.max(0, ...warm);
  return (
    <div className={css.view}>
      <div ref={grid} className={css.graph} role="group" aria-label="Agents and calls" tabIndex={0}>
        <div className={css.sheet} style={{ width, height }}>
          <svg width={width} height={height} className={css.edges} aria-hidden="true" focusable="false">
            <defs>
              {["call", "hand-off", "message"].map((type) => (
                <marker
                  key={type}
                  id={`${id}${type}`}
                  className={css.tip}
                  data-type={type}
                  viewBox="0 0 8 8"
                  refX="7"
                  refY="4"
                  markerWidth="9"
                  markerHeight="9"
                  markerUnits="userSpaceOnUse"
                  orient="auto"
                >
                  <path d="M0 0.5L8 4L0 7.5z" />
                </marker>
              ))}
            </defs>
            {graph.edges.map((edge) => {
              const { path, label } = route(edge, places, height);
              const isNear = [edge.from, edge.to].some((node) =>
                graph.nodes[node]!.lanes.includes(selectedLane),
              );
              return (
                // biome-ignore lint/a11y/noStaticElementInteractions: the table of calls is what keyboards use
                <g
                  key={`${edge.type} ${edge.from} ${edge.to}`}
                  className={css.edge}
                  data-type={edge.type}
                  data-near={isNear}
                  onClick={() => onSelect(edge.edges[0]!.toSpan)}
                >
                  <path className={css.reach} d={path} />
                  <path className={css.line} d={path} markerEnd={`url(#${id}${edge.type})`} />
                  <text x={label.x} y={label.y}>
                    {edge.type === "call" ? "" : edge.type}
                    {edge.edges.length > 1 && ` ×${exact(edge.edges.length)}`}
                  </text>
                </g>
              );
            })}
          </svg>
          {graph.nodes.map(({ key, label, lanes }, at) => {
            const { left, top } = corner(places[at]!);
            const own = lanes.reduce(
              (sum, lane) => ({
                spans: sum.spans + sums[lane]!.spans,
                errors: sum.errors + sums[lane]!.errors,
                tokens: sum.tokens + sums[lane]!.tokens,
                costMicro: sum.costMicro + sums[lane]!.costMicro,
              }),
              { spans: 0, errors: 0, tokens: 0, costMicro: 0 },
            );
            const [first] = lanes;
            const lane = analysis.lanes.lanes[first!]!;
            return (
              <button
                key={key}
                type="button"
                className={css.node}
                data-errors={own.errors > 0}
                data-heat={heat && heatStep({ most: warmest }, warm[at]!)}
                data-selected={lanes.includes(selectedLane)}
                style={{ left, top, width: NODE.width, height: NODE.height }}
                onClick={() => onSelect(lane.firstSpan)}
              >
                <span className={css.name} data-agent={lane.agent !== ""}>
                  <Icon name={lane.agent !== "" ? "agent" : "server"} />
                  <bdi>{label}</bdi>
                  {lanes.length > 1 && <small>×{exact(lanes.length)}</small>}
                </span>
                <span className={css.facts}>
                  {heat === undefined ? duration(spent[at]! / 1000) : <b>{heatText(heat, warm[at]!)}</b>}
                  {heat !== undefined && ` ${HEATS.find(({ name }) => name === heat)?.label.toLowerCase()}`} ·{" "}
                  {many(own.spans, "span")}
                </span>
                <span className={css.facts}>
                  {own.tokens > 0 && `${count(own.tokens)} tok ${cost(own.costMicro / 1e6)} `}
                  {own.errors > 0 && (
                    <em>
                      {exact(own.errors)} {own.errors === 1 ? "error" : "errors"}
                    </em>
                  )}
                </span>
                <span className={css.share} style={{ width: `${(100 * spent[at]!) / most}%` }} />
              </button>
            );
          })}
        </div>
        {graph.leftOut > 0 && (
          <p className={css.note}>
            {exact(graph.leftOut)} further lanes have no place here; Lanes shows all.
          </p>
        )}
      </div>
      <BetweenLanes
        analysed={analysed}
        times={times}
        window={window}
        place={place}
        selected={selected}
        onSelect={onSelect}
      />
    </div>
  );
}

function corner({ column, row }: NodePlace): { readonly left: number; readonly top: number } {
  return { left: PAD + column * (NODE.width + GAP.x), top: PAD + row * (NODE.height + GAP.y) };
}

/** To the right straight from side to side; back, and within a column, in an arc below. */
function route({ from, to, type }: GraphEdge, places: readonly NodePlace[], height: number) {
  const a = corner(places[from]!);
  const b = corner(places[to]!);
  const shift = type === "hand-off" ? 12 : type === "message" ? -12 : 0;
  if (a.left < b.left) {
    const [x1, y1] = [a.left + NODE.width, a.top + NODE.height / 2 + shift];
    const [x2, y2] = [b.left, b.top + NODE.height / 2 + shift];
    const bend = Math.max(30, (x2 - x1) / 2);
    return {
      path: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
      label: { x: (x1 + x2) / 2, y: (y1 + y2) / 2 - 5 },
    };
  }
  const [x1, y1] = [a.left + NODE.width / 2 + shift, a.top + NODE.height];
  const [x2, y2] = [b.left + NODE.width / 2 + shift - 14, b.top + NODE.height];
  const low = Math.min(height - 6, Math.max(y1, y2) + GAP.y);
  return {
    path: `M${x1} ${y1}C${x1} ${low} ${x2} ${low} ${x2} ${y2}`,
    label: { x: (x1 + x2) / 2, y: low - 8 },
  };
}
