import type { Compared } from "./compared.ts";

/** A line in a page's address: the side that has a span there, and the span's id. */
export function printLine({ a, b, comparison }: Compared, line: number): string {
  const rowB = comparison.b[line]!;
  return rowB >= 0 ? `b.${b.trace.id[rowB]}` : `a.${a.trace.id[comparison.a[line]!]}`;
}

/** -1 for no line, and for one that is not there. */
export function lineAt(compared: Compared, text: string | undefined): number {
  const match = /^([ab])\.([0-9a-f]{16})$/.exec(text ?? "");
  if (match === null) return -1;
  const side = match[1] as "a" | "b";
  const row = compared[side].trace.id.indexOf(match[2]!);
  return row < 0 ? -1 : compared.comparison[side].indexOf(row);
}
