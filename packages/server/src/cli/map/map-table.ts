import type { MapAnswer, MapEdge, MapNode } from "@clew/protocol/api/map";
import { printable } from "../../printable.ts";
import type { Style } from "../screen/paint.ts";
import { cost, count, duration } from "../screen/quantities.ts";
import type { Screen } from "../screen/screen.ts";
import { type Column, table } from "../screen/table.ts";

const LONGEST_NAME = 200;

type Row =
  | { readonly kind: "node"; readonly node: MapNode }
  | { readonly kind: "edge"; readonly edge: MapEdge; readonly name: string; readonly isLast: boolean };

/** A table of who there is, those first that nobody calls, with whom each calls below; nothing for an empty map. */
export function mapTable({ nodes, edges }: Pick<MapAnswer, "nodes" | "edges">, screen: Screen): string[] {
  if (nodes.length === 0) return [];
  const names = new Map(nodes.map(({ key, name }) => [key, name]));
  const calls = Map.groupBy(edges, ({ from }) => from);
  const rows = callersFirst(nodes, edges).flatMap((node): Row[] => {
    const below = calls.get(node.key) ?? [];
    const edgeRows = below.map((edge, at): Row => {
      return { kind: "edge", edge, name: names.get(edge.to) ?? edge.to, isLast: at === below.length - 1 };
    });
    return [{ kind: "node", node }, ...edgeRows];
  });
  return table(rows, columns(screen), screen);
}

function columns(screen: Screen): Column<Row>[] {
  const time = (ms: number | null | undefined): string =>
    ms === null || ms === undefined ? "" : duration(ms, !screen.unicode);
  const ofNode =
    (read: (node: MapNode) => string) =>
    (row: Row): string =>
      row.kind === "node" ? read(row.node) : "";
  const figures = (row: Row): MapNode | MapEdge => (row.kind === "node" ? row.node : row.edge);
  const right = { align: "right" } as const;
  return [
    { title: "WHO CALLS WHOM", value: (row) => nameOf(row, screen), style: styleOf, shrinksTo: 24 },
    { title: "HOW", value: (row) => (row.kind === "edge" ? row.edge.type : ""), keep: 4 },
    { title: "CALLS", value: (row) => count(figures(row).calls), ...right },
    {
      title: "ERRORS",
      value: (row) => percent(figures(row).errRate),
      style: (row) => (figures(row).errors > 0 ? "red" : undefined),
      keep: 6,
      ...right,
    },
    { title: "P50", value: ofNode(({ p50Ms }) => time(p50Ms)), keep: 2, ...right },
    { title: "P95", value: (row) => time(figures(row).p95Ms), keep: 7, ...right },
    {
      title: "QUEUE P95",
      value: (row) => (row.kind === "edge" ? time(row.edge.queueP95Ms) : ""),
      keep: 1,
      ...right,
    },
    {
      title: "TOKENS",
      value: ofNode(({ tokens: { input, output } }) => (input + output === 0 ? "" : count(input + output))),
      keep: 3,
      ...right,
    },
    { title: "COST", value: ofNode(({ costUsd }) => cost(costUsd)), keep: 5, ...right },
  ];
}

function nameOf(row: Row, { unicode }: Screen): string {
  if (row.kind === "node") {
    const { type, name } = row.node;
    return (isLeaf(row.node) ? `${type} ` : "") + shown(name);
  }
  const branch = unicode ? (row.isLast ? "└▶" : "├▶") : row.isLast ? "`>" : "|>";
  return `  ${branch} ${shown(row.name)}`;
}

function isLeaf({ type }: MapNode): boolean {
  return type === "tool" || type === "model";
}

function shown(name: string): string {
  return printable(name.slice(0, LONGEST_NAME));
}

function styleOf(row: Row): Style | undefined {
  return row.kind === "node" ? "bold" : undefined;
}

/** Empty for none. */
function percent(share: number): string {
  if (share === 0) return "";
  return share < 0.0095 ? "<1%" : `${Math.round(share * 100)}%`;
}

/** In the order in which calls lead from one to another, from those that no other calls on. */
function callersFirst(nodes: readonly MapNode[], edges: readonly MapEdge[]): MapNode[] {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const called = new Set(edges.filter(({ from, to }) => from !== to).map(({ to }) => to));
  const calls = Map.groupBy(edges, ({ from }) => from);
  const placed = new Set<MapNode>();
  const walk = (start: MapNode): void => {
    const waiting = [start];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (placed.has(next)) continue;
      placed.add(next);
      const below = (calls.get(next.key) ?? []).flatMap(({ to }) => byKey.get(to) ?? []);
      waiting.push(...below.toReversed());
    }
  };
  const agents = nodes.filter((node) => !isLeaf(node));
  for (const node of agents) if (!called.has(node.key)) walk(node);
  for (const node of [...agents, ...nodes]) walk(node);
  return [...placed];
}
