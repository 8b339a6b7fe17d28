import type { MapEdge, MapNode } from "@clew/protocol/api/map";
import { Icon } from "../elements/icon.tsx";
import { cost, duration, exact } from "../format/quantities.ts";
import { Link } from "../location/link.tsx";
import css from "./map-tables.module.css";
import { type MapTime, tracesOfEdge, tracesOfNode } from "./map-trace-links.ts";
import { percent, tokenText } from "./map-words.ts";
import { NODE_ICONS } from "./node-icons.ts";

interface NodeTableProps {
  readonly nodes: readonly MapNode[];
  readonly time: MapTime;
  /** The address of the map around a node. */
  readonly focusHref: (key: string) => string;
}

export function NodeTable({ nodes, time, focusHref }: NodeTableProps) {
  return (
    <section className={css.scroll} aria-label="Nodes" tabIndex={0}>
      <table className={css.table}>
        <caption>Who there is</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Kind</th>
            <th scope="col">Calls</th>
            <th scope="col">Errors</th>
            <th scope="col">p50</th>
            <th scope="col">p95</th>
            <th scope="col">Tokens</th>
            <th scope="col">Cost</th>
            <th scope="col">Traces</th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <tr key={node.key}>
              <th scope="row">
                <Link href={focusHref(node.key)}>
                  <Icon name={NODE_ICONS[node.type]} />
                  <bdi>{node.name}</bdi>
                </Link>
              </th>
              <td data-text="true">{node.type}</td>
              <td>{exact(node.calls)}</td>
              <td data-failed={node.errors > 0}>{percent(node.errRate)}</td>
              <td>{node.p50Ms !== null && duration(node.p50Ms)}</td>
              <td>{node.p95Ms !== null && duration(node.p95Ms)}</td>
              <td>{tokenText(node)}</td>
              <td>{cost(node.costUsd)}</td>
              <td data-text="true">
                <Link href={tracesOfNode(node, time)} aria-label={`Traces of ${node.name}`}>
                  Traces
                </Link>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface EdgeTableProps {
  readonly title: string;
  readonly edges: readonly MapEdge[];
  readonly nodes: ReadonlyMap<string, MapNode>;
  readonly time: MapTime;
}

export function EdgeTable({ title, edges, nodes, time }: EdgeTableProps) {
  return (
    <section className={css.scroll} aria-label={title} tabIndex={0}>
      <table className={css.table}>
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col" data-text="true">
              How
            </th>
            <th scope="col">Calls</th>
            <th scope="col">Errors</th>
            <th scope="col">p95</th>
            <th scope="col">Queue p95</th>
            <th scope="col">Traces</th>
          </tr>
        </thead>
        <tbody>
          {edges.map((edge) => {
            const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
            if (from === undefined || to === undefined) return null;
            return (
              <tr key={`${edge.type} ${edge.from} ${edge.to}`}>
                <th scope="row">
                  <bdi>{from.name}</bdi>
                </th>
                <td data-text="true">
                  <bdi>{to.name}</bdi>
                </td>
                <td data-text="true">{edge.type}</td>
                <td>{exact(edge.calls)}</td>
                <td data-failed={edge.errors > 0}>{percent(edge.errRate)}</td>
                <td>{duration(edge.p95Ms)}</td>
                <td>{edge.queueP95Ms !== undefined && duration(edge.queueP95Ms)}</td>
                <td data-text="true">
                  <Link
                    href={tracesOfEdge(edge, from, to, time)}
                    aria-label={`Traces of ${edge.type} from ${from.name} to ${to.name}`}
                  >
                    Traces
                  </Link>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
