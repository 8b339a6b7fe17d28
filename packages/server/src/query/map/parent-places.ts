import { NO_PARENT, PARENT_MISSING } from "@clew/protocol/api/trace-columns";
import { bytesToHex } from "@clew/protocol/ids";
import { parentIndexes } from "../span-parents.ts";
import type { OrderedRows, SpanPlaces } from "./span-places.ts";

/**
 * By place, the place of the parent, `NO_PARENT` or `PARENT_MISSING`, as an answer of each trace alone has it; following
 * it always ends. Ids have two words for each row.
 */
export function parentPlaces(
  { rows, starts }: OrderedRows,
  places: SpanPlaces,
  spanIds: Uint32Array,
  parentIds: Uint32Array,
): Int32Array {
  const parent = new Int32Array(rows.length);
  const walks = new Uint32Array(rows.length);
  for (let trace = 0; trace + 1 < starts.length; trace++) {
    const [from, to] = [starts[trace]!, starts[trace + 1]!];
    for (let at = from; at < to; at++) {
      const row = rows[at]!;
      const [low, high] = [parentIds[2 * row]!, parentIds[2 * row + 1]!];
      const place = low === 0 && high === 0 ? NO_PARENT : places.find(trace, low, high);
      parent[at] = place < 0 && (low !== 0 || high !== 0) ? PARENT_MISSING : place;
    }
    if (!hasRing(parent, walks, from, to)) continue;
    const own = Array.from(rows.subarray(from, to));
    const cut = parentIndexes(
      own.map((row) => hexOf(spanIds, row)),
      own.map((row) => hexOf(parentIds, row)),
    );
    for (const [at, place] of cut.entries()) parent[from + at] = place < 0 ? place : from + place;
  }
  return parent;
}

/** `walks` has, by place, the walk that came by; 0 for none. */
function hasRing(parent: Int32Array, walks: Uint32Array, from: number, to: number): boolean {
  for (let first = from; first < to; first++) {
    let at = first;
    while (at >= 0 && walks[at] === 0) {
      walks[at] = first + 1;
      at = parent[at]!;
    }
    if (at >= 0 && walks[at] === first + 1) return true;
  }
  return false;
}

function hexOf(ids: Uint32Array, row: number): string {
  return bytesToHex(new Uint8Array(ids.buffer, 8 * row, 8));
}
