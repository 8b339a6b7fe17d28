import type { MapEdge, MapNode } from "@clew/protocol/api/map";
import { Icon } from "../elements/icon.tsx";
import { cost, duration, exact } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import css from "./focus-panel.module.css";
import { type MapTime, tracesOfEdge, tracesOfNode } from "./map-trace-links.ts";
import { edgeSentence, percent } from "./map-words.ts";
import { NODE_ICONS } from "./node-icons.ts";

interface FocusPanelProps {
  readonly node: MapNode;
  readonly edges: readonly MapEdge[];
  readonly nodes: ReadonlyMap<string, MapNode>;
  readonly time: MapTime;
  readonly focusHref: (key: string) => string;
}

/** A node of the map in numbers, with ways to its traces and to its neighbours. */
export function FocusPanel({ node, edges, nodes, time, focusHref }: FocusPanelProps) {
  const { type, name, calls, errors, errRate, p50Ms, p95Ms, tokens, costUsd, key } = node;
  const facts: readonly (readonly [string, string])[] = [
    ["Calls", exact(calls)],
    ["Errors", errors === 0 ? "none" : `${exact(errors)} (${percent(errRate)})`],
    ["p50", p50Ms === null ? "" : duration(p50Ms)],
    ["p95", p95Ms === null ? "" : duration(p95Ms)],
    ["Input tokens", tokens.input === 0 ? "" : exact(tokens.input)],
    ["Output tokens", tokens.output === 0 ? "" : exact(tokens.output)],
    ["Cost", cost(costUsd)],
  ];
  return (
    <section className={css.panel}>
      <h2 className={css.name} title={name}>
        <Icon name={NODE_ICONS[type]} />
        <bdi>{name}</bdi>
        <small>{type}</small>
      </h2>
      <dl className={css.facts}>
        {facts
          .filter(([, value]) => value !== "")
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd data-failed={label === "Errors" && errors > 0}>{value}</dd>
            </div>
          ))}
      </dl>
      <p className={css.links}>
        <Link href={tracesOfNode(node, time)}>Its traces</Link>
        <Link href={tracesOfNode(node, time, "error")}>Its traces with errors</Link>
      </p>
      <Neighbours
        title="Called by"
        edges={edges.filter(({ to }) => to === key)}
        other={({ from }) => nodes.get(from)}
        {...{ nodes, time, focusHref }}
      />
      <Neighbours
        title="Calls"
        edges={edges.filter(({ from }) => from === key)}
        other={({ to }) => nodes.get(to)}
        {...{ nodes, time, focusHref }}
      />
    </section>
  );
}

interface NeighboursProps extends Omit<FocusPanelProps, "node"> {
  readonly title: string;
  readonly other: (edge: MapEdge) => MapNode | undefined;
}

function Neighbours({ title, edges, other, nodes, time, focusHref }: NeighboursProps) {
  if (edges.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className={css.neighbours}>
        {edges.map((edge) => {
          const node = other(edge);
          const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
          if (node === undefined || from === undefined || to === undefined) return null;
          return (
            <li key={`${edge.type} ${node.key}`} data-failed={edge.errors > 0}>
              <Link href={focusHref(node.key)}>
                <bdi>{node.name}</bdi>
              </Link>
              <span>{edgeSentence(edge)}</span>
              <Link
                href={tracesOfEdge(edge, from, to, time)}
                aria-label={`Traces of ${edge.type} from ${from.name} to ${to.name}`}
              >
                Traces
              </Link>
            </li>
          );
        })}
      </ul>
    </>
  );
}
