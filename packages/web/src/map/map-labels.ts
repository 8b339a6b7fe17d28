import type { PlacedEdge, Point } from "./map-layout.ts";

/** A label of an edge; (x, y) is the middle of its first line's foot. */
export interface EdgeLabel extends Point {
  readonly lines: readonly string[];
}

const CHARACTER = 6.4;
const LINE = 14;
/** Between the middle of an edge's line and what stands above it. */
const ABOVE = 6;

/** A label for each edge, where possible away from the others: `wordsOf` says its lines. */
export function edgeLabels(
  edges: readonly PlacedEdge[],
  wordsOf: (edge: PlacedEdge) => readonly string[],
): EdgeLabel[] {
  const taken: { x: number; y: number; width: number; height: number }[] = [];
  return edges.map((edge) => {
    const words = wordsOf(edge);
    // One line fits between edges that pass a column together.
    const lines = edge.labels.length === 1 ? [words.join(" · ")] : words;
    const width = Math.max(...lines.map(({ length }) => length)) * CHARACTER;
    const height = lines.length * LINE;
    const boxAt = ({ x, y }: Point) => ({ x: x - width / 2, y: y - height - ABOVE, width, height });
    const free = edge.labels.find((point) => {
      const box = boxAt(point);
      return !taken.some(
        (other) =>
          box.x < other.x + other.width &&
          other.x < box.x + box.width &&
          box.y < other.y + other.height &&
          other.y < box.y + box.height,
      );
    });
    const { x, y } = free ?? edge.labels[0]!;
    taken.push(boxAt({ x, y }));
    return { x, y: y - ABOVE - (lines.length - 1) * LINE, lines };
  });
}
