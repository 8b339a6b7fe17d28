import { STATUS_ERROR } from "@clew/protocol/analysis/span-role";
import type { ForeignMessage } from "./foreign-messages.ts";
import type { MapFigures, NodeFigures } from "./map-figures.ts";
import { pausing } from "./pausing.ts";
import { type PlacedTrace, tookUs } from "./placed-traces.ts";
import type { SpanTable } from "./span-table.ts";

/** Adds every trace of a table to the map, and the messages that came to them from others. */
export async function addTraces(
  figures: MapFigures,
  table: SpanTable,
  placed: readonly PlacedTrace[],
  messages: readonly ForeignMessage[],
): Promise<void> {
  const pause = pausing();
  for (const [trace, one] of placed.entries()) {
    addTrace(figures, table, table.starts[trace]!, one);
    await pause();
  }
  for (const { from, to, tookUs, isError, queueUs } of messages) {
    const edge = figures.edge(figures.node(from.type, from.name), figures.node(to.type, to.name), "message");
    edge.call(tookUs, isError, queueUs);
  }
}

/** `from` is the place of the trace in the table. */
function addTrace(figures: MapFigures, table: SpanTable, from: number, trace: PlacedTrace): void {
  const { names, edges, lanes } = trace;
  const { status, isRunning } = table.columns;
  const rowOf = (at: number): number => table.rows[from + at]!;
  const isError = (at: number): boolean => status[rowOf(at)] === STATUS_ERROR;
  const nodes = names.map(({ type, name }) => figures.node(type, name));
  const { runs, laneOf } = lanes;
  for (const entry of runs.entry) {
    if (isRunning[rowOf(entry)] === 1) continue;
    nodes[laneOf[entry]!]!.call(tookUs(trace, entry), isError(entry));
  }
  for (const { type, fromLane, toLane, toSpan, queueUs } of edges) {
    if (isRunning[rowOf(toSpan)] === 1) continue;
    const edge = figures.edge(nodes[fromLane]!, nodes[toLane]!, type);
    edge.call(tookUs(trace, toSpan), isError(toSpan), queueUs);
  }
  for (const [at, lane] of laneOf.entries()) addLeaves(figures, table, rowOf(at), nodes[lane]!, trace, at);
  figures.traceCount++;
}

/** Tools and models that an agent calls, and what models cost. */
function addLeaves(
  figures: MapFigures,
  { columns }: SpanTable,
  row: number,
  node: NodeFigures,
  { clock }: PlacedTrace,
  at: number,
): void {
  if (columns.isRunning[row] === 1) return;
  const { tool, model, type } = columns;
  const leaves: NodeFigures[] = [];
  if (tool.indexes[row] !== 0 && type.texts[type.indexes[row]!] === "tool") {
    leaves.push(figures.node("tool", tool.texts[tool.indexes[row]!]!));
  }
  if (columns.counts[row] !== 0) {
    const models = model.indexes[row] === 0 ? [] : [figures.node("model", model.texts[model.indexes[row]!]!)];
    leaves.push(...models);
    for (const spender of [node, ...models]) {
      spender.inputTokens += columns.inputTokens[row]!;
      spender.outputTokens += columns.outputTokens[row]!;
      spender.cacheReadTokens += columns.cacheReadTokens[row]!;
      // As an answer of one trace has it.
      spender.costMicro += Math.round(columns.costUsd[row]! * 1e9) / 1000;
    }
  }
  const us = clock.end[at]! - clock.start[at]!;
  const isError = columns.status[row] === STATUS_ERROR;
  for (const leaf of leaves) {
    leaf.call(us, isError);
    figures.edge(node, leaf, "call").call(us, isError, 0);
  }
}
