import { useId, useMemo, useState } from "react";
import { Hidden } from "../elements/hidden.tsx";
import { Icon } from "../elements/icon.tsx";
import { duration, exact, many } from "../format/quantities.ts";
import { layered } from "../lanes/graph-layout.ts";
import type { Compared } from "./compared.ts";
import { type EdgePair, type GraphDiff, type GraphMark, graphDiff, type NodePair } from "./graph-diff.ts";
import css from "./graph-diff-view.module.css";
import { edgeRoute, nodeCorner, SHEET_GAP, SHEET_NODE, sheetSize } from "./graph-sheet.ts";
import type { Side } from "./side-badge.tsx";
import { signed } from "./signed.ts";

interface GraphDiffViewProps {
  readonly compared: Compared;
  readonly onShow: (side: Side, row: number) => void;
}

const SIGNS: Readonly<Record<GraphMark, string>> = { "only-a": "−", "only-b": "+", both: "=" };
const WORDS: Readonly<Record<GraphMark, string>> = {
  "only-a": "only in A",
  "only-b": "only in B",
  both: "in both",
};

/** Agents and what went between them, of both traces in one drawing; all of it as a table too. */
export function GraphDiffView({ compared, onShow }: GraphDiffViewProps) {
  const graph = useMemo(() => graphDiff(compared), [compared]);
  const [isTable, setTable] = useState(false);
  const counted = (marks: readonly { readonly mark: GraphMark }[], mark: GraphMark): number =>
    marks.filter((one) => one.mark === mark).length;
  const show = (pair: Pick<NodePair, "firstA" | "firstB">): void =>
    pair.firstB >= 0 ? onShow("b", pair.firstB) : onShow("a", pair.firstA);
  return (
    <div className={css.view}>
      <div className={css.legend}>
        <p>
          {(["only-a", "only-b", "both"] as const).map((mark) => (
            <span key={mark}>
              <i data-mark={mark} aria-hidden="true">
                {SIGNS[mark]}
              </i>
              {WORDS[mark]}: {many(counted(graph.nodes, mark), "node")},{" "}
              {many(counted(graph.edges, mark), "edge")}
            </span>
          ))}
        </p>
        <button type="button" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          Show as table
        </button>
      </div>
      {isTable ? <EdgeTable graph={graph} onShow={show} /> : <Drawing graph={graph} onShow={show} />}
      {graph.leftOut > 0 && (
        <p className={css.note}>{many(graph.leftOut, "further node")} and their edges have no place here.</p>
      )}
    </div>
  );
}

interface DrawingProps {
  readonly graph: GraphDiff;
  readonly onShow: (pair: Pick<NodePair, "firstA" | "firstB">) => void;
}

function Drawing({ graph, onShow }: DrawingProps) {
  const id = useId();
  const { nodes, edges } = graph;
  const places = useMemo(() => layered(nodes.length, edges), [nodes, edges]);
  const { width, height } = sheetSize(places);
  const most = Math.max(1, ...nodes.map(({ usA, usB }) => Math.max(usA, usB)));
  return (
    <div className={css.graph} role="group" aria-label="Agents and calls of both traces" tabIndex={0}>
      <div className={css.sheet} style={{ width, height: height + SHEET_GAP.y }}>
        <svg
          width={width}
          height={height + SHEET_GAP.y}
          className={css.edges}
          aria-hidden="true"
          focusable="false"
        >
          <defs>
            {(["only-a", "only-b", "both"] as const).map((mark) => (
              <marker
                key={mark}
                id={`${id}${mark}`}
                className={css.tip}
                data-mark={mark}
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
          {edges.map((edge) => {
            const { path, label } = edgeRoute(edge, places, height + SHEET_GAP.y);
            return (
              // biome-ignore lint/a11y/noStaticElementInteractions: the table is what keyboards use
              <g
                key={`${edge.type} ${edge.from} ${edge.to}`}
                className={css.edge}
                data-mark={edge.mark}
                data-type={edge.type}
                onClick={() => onShow(edge)}
              >
                <path className={css.reach} d={path} />
                <path className={css.line} d={path} markerEnd={`url(#${id}${edge.mark})`} />
                <text x={label.x} y={label.y}>
                  {edgeText(edge)}
                </text>
              </g>
            );
          })}
        </svg>
        {nodes.map((node, at) => {
          const { left, top } = nodeCorner(places[at]!);
          return (
            <button
              key={`${node.isAgent} ${node.name}`}
              type="button"
              className={css.node}
              data-mark={node.mark}
              style={{ left, top, width: SHEET_NODE.width, height: SHEET_NODE.height }}
              onClick={() => onShow(node)}
            >
              <span className={css.name} data-agent={node.isAgent}>
                <i data-mark={node.mark} aria-hidden="true">
                  {SIGNS[node.mark]}
                </i>
                <Hidden>{WORDS[node.mark]}: </Hidden>
                <Icon name={node.isAgent ? "agent" : "server"} />
                <bdi>{node.name}</bdi>
              </span>
              <span className={css.facts}>{nodeText(node)}</span>
              <span className={css.shares} aria-hidden="true">
                <span data-side="a" style={{ width: `${(100 * node.usA) / most}%` }} />
                <span data-side="b" style={{ width: `${(100 * node.usB) / most}%` }} />
              </span>
            </button>
          );
        })}
      </div>
    </div>
  );
}

function nodeText({ mark, usA, usB }: NodePair): string {
  const time = (us: number): string => duration(us / 1000);
  if (mark === "only-a") return time(usA);
  if (mark === "only-b") return time(usB);
  const difference = signed(usB - usA, time);
  return difference === "" ? time(usA) : `${time(usA)} → ${time(usB)}  ${difference}`;
}

/** `− ×3`, `= hand-off`, `×3 → ×5`. */
function edgeText({ mark, type, timesA, timesB }: EdgePair): string {
  const times =
    mark !== "both"
      ? `×${exact(timesA + timesB)}`
      : timesA === timesB
        ? `×${exact(timesA)}`
        : `×${exact(timesA)} → ×${exact(timesB)}`;
  return [SIGNS[mark], type === "call" ? "" : type, times].filter((text) => text !== "").join(" ");
}

function EdgeTable({ graph: { nodes, edges }, onShow }: DrawingProps) {
  return (
    <div className={css.graph} role="group" aria-label="Agents and calls as tables" tabIndex={0}>
      <table className={css.table}>
        <caption>Agents and services</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Is</th>
            <th scope="col">Time in A</th>
            <th scope="col">Time in B</th>
            <th scope="col">Difference</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <tr key={`${node.isAgent} ${node.name}`}>
              <th scope="row">
                <button type="button" onClick={() => onShow(node)}>
                  <bdi>{node.name}</bdi>
                </button>
              </th>
              <td>{WORDS[node.mark]}</td>
              <td>{node.mark === "only-b" ? "–" : duration(node.usA / 1000)}</td>
              <td>{node.mark === "only-a" ? "–" : duration(node.usB / 1000)}</td>
              <td>{signed(node.usB - node.usA, (us) => duration(us / 1000)) || "="}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <table className={css.table}>
        <caption>Calls, hand-offs and messages</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">How</th>
            <th scope="col">Is</th>
            <th scope="col">Times in A</th>
            <th scope="col">Times in B</th>
          </tr>
        </thead>
        <tbody>
          {edges.map((edge) => (
            <tr key={`${edge.type} ${edge.from} ${edge.to}`}>
              <th scope="row">
                <button type="button" onClick={() => onShow(edge)}>
                  <bdi>{nodes[edge.from]!.name}</bdi>
                </button>
              </th>
              <td>
                <bdi>{nodes[edge.to]!.name}</bdi>
              </td>
              <td>{edge.type}</td>
              <td>{WORDS[edge.mark]}</td>
              <td>{exact(edge.timesA)}</td>
              <td>{exact(edge.timesB)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
