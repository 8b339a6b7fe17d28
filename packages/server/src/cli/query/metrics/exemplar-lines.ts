import type { MetricsSeries } from "@clew/protocol/api/metrics";
import { paint } from "../../screen/paint.ts";
import { moment } from "../../screen/quantities.ts";
import type { Screen } from "../../screen/screen.ts";
import { clipped } from "../../screen/text-width.ts";
import { quantity, type Unit } from "./unit.ts";

/** A line for each span that the answer tells as an example: when, what it says, and its ids as far as they fit. */
export function exemplarLines(
  { exemplars }: Pick<MetricsSeries, "exemplars">,
  measured: Unit,
  screen: Screen,
  nowMs: number,
): string[] {
  const mark = screen.unicode ? "·" : "-";
  return exemplars.map(({ traceId, spanId, timeMs, value }) => {
    const said = value === null ? [] : [quantity(value, measured, !screen.unicode)];
    const line = `   ${mark} ${[moment(timeMs, nowMs), ...said, `trace ${traceId}`].join("  ")}`;
    const whole = `${line}  span ${spanId}`;
    const told =
      whole.length <= screen.width ? whole : clipped(line, screen.width, screen.unicode ? "…" : "~");
    return paint(screen, "dim", told);
  });
}
