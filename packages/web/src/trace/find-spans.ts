import type { TraceColumns, TraceDictionary } from "@clew/protocol/api/trace-columns";

const COLUMNS: readonly (keyof TraceDictionary)[] = [
  "name",
  "service",
  "agent",
  "model",
  "tool",
  "type",
  "provider",
  "err",
];

/**
 * One entry per span, 1 where each word occurs in its name, service, agent, model, tool, type, provider or error, in
 * any case of letters, or where its id begins with it. Each distinct text is looked at once. Undefined without words.
 */
export function findSpans(trace: TraceColumns, typed: string): Uint8Array | undefined {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  const found = new Uint8Array(trace.n).fill(1);
  for (const word of words) {
    const fits = COLUMNS.map((column) => ({
      values: trace[column],
      fits: trace.dict[column].map((text) => text.toLowerCase().includes(word)),
    })).filter(({ fits }) => fits.includes(true));
    const isId = /^[0-9a-f]{4,16}$/.test(word);
    for (let at = 0; at < trace.n; at++) {
      if (found[at] === 0) continue;
      const fitsWord =
        fits.some((column) => column.fits[column.values[at] ?? 0]) ||
        (isId && trace.id[at]?.startsWith(word));
      if (!fitsWord) found[at] = 0;
    }
  }
  return found;
}
