import { STATUS_ERROR } from "@clew/protocol/analysis/span-role";
import type { MapNodeType, MapScope } from "@clew/protocol/api/map";
import type { ForeignMessage } from "./foreign-messages.ts";
import type { MapFigures, NodeFigures } from "./map-figures.ts";
import type { TextColumn } from "./native-table.ts";
import { pausing } from "./pausing.ts";
import { type PlacedTrace, placerOf, tookUs } from "./placed-traces.ts";
import type { SpanTable } from "./span-table.ts";

/** Adds every trace of a table to the map, and the messages that came to them from others. */
export async function addTraces(
  figures: MapFigures,
  table: SpanTable,
  scope: MapScope,
  messages: readonly ForeignMessage[],
): Promise<void> {
  const pause = pausing();
  const leaves = leavesOf(figures, table);
  const place = placerOf(table, scope);
  for (let trace = 0; trace < table.traceCount; trace++) {
    addTrace(figures, table, table.starts[trace]!, place(trace), leaves);
    await pause();
  }
  for (const { from, to, tookUs, isError, queueUs } of messages) {
    const edge = figures.edge(figures.node(from.type, from.name), figures.node(to.type, to.name), "message");
    edge.call(tookUs, isError, queueUs);
  }
}

/** By row, the tool and the model that are called. */
interface Leaves {
  readonly tool: (row: number) => NodeFigures | undefined;
  readonly model: (row: number) => NodeFigures | undefined;
}

function leavesOf(figures: MapFigures, { columns: { tool, model, type, counts } }: SpanTable): Leaves {
  const nodeOf = (kind: MapNodeType, { texts, indexes }: TextColumn) => {
    const nodes: NodeFigures[] = [];
    return (row: number): NodeFigures | undefined => {
      const index = indexes[row]!;
      return index === 0 ? undefined : (nodes[index] ??= figures.node(kind, texts[index]!));
    };
  };
  const [toolAt, modelAt] = [nodeOf("tool", tool), nodeOf("model", model)];
  const toolType = type.texts.indexOf("tool");
  return {
    tool: (row) => (type.indexes[row] === toolType ? toolAt(row) : undefined),
    model: (row) => (counts[row] === 0 ? undefined : modelAt(row)),
  };
}

/** `from` is the place of the trace in the table. */
function addTrace(
  figures: MapFigures,
  { rows, columns }: SpanTable,
  from: number,
  trace: PlacedTrace,
  leaves: Leaves,
): void {
  const { status, isRunning, counts, inputTokens, outputTokens, cacheReadTokens, costUsd } = columns;
  const { clock, names, edges, lanes } = trace;
  const { runs, laneOf } = lanes;
  const nodes = names.map(({ type, name }) => figures.node(type, name));
  for (let run = 0; run < runs.count; run++) {
    const entry = runs.entry[run]!;
    const row = rows[from + entry]!;
    if (isRunning[row] === 1) continue;
    nodes[laneOf[entry]!]!.call(tookUs(trace, entry), status[row] === STATUS_ERROR);
  }
  for (const { type, fromLane, toLane, toSpan, queueUs } of edges) {
    const row = rows[from + toSpan]!;
    if (isRunning[row] === 1) continue;
    const edge = figures.edge(nodes[fromLane]!, nodes[toLane]!, type);
    edge.call(tookUs(trace, toSpan), status[row] === STATUS_ERROR, queueUs);
  }
  for (let at = 0; at < laneOf.length; at++) {
    const row = rows[from + at]!;
    if (isRunning[row] === 1) continue;
    const node = nodes[laneOf[at]!]!;
    const us = clock.end[at]! - clock.start[at]!;
    const isError = status[row] === STATUS_ERROR;
    for (const leaf of [leaves.tool(row), leaves.model(row)]) {
      leaf?.call(us, isError);
      if (leaf !== undefined) figures.edge(node, leaf, "call").call(us, isError, 0);
    }
    if (counts[row] === 0) continue;
    // As an answer of one trace has it.
    const costMicro = Math.round(costUsd[row]! * 1e9) / 1000;
    node.spend(inputTokens[row]!, outputTokens[row]!, cacheReadTokens[row]!, costMicro);
    const model = leaves.model(row);
    model?.spend(inputTokens[row]!, outputTokens[row]!, cacheReadTokens[row]!, costMicro);
  }
  figures.traceCount++;
}
