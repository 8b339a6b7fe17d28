import type { TraceAnalysis, Wait } from "@clew/protocol/analysis/analysis";
import { printable } from "../../printable.ts";
import { paint } from "../screen/paint.ts";
import { duration, many } from "../screen/quantities.ts";
import type { Screen } from "../screen/screen.ts";
import { clipped, padded, textWidth } from "../screen/text-width.ts";

const MOST_LANES = 12;
const MOST_PARTS = 6;
/** What has a smaller share of a lane's time is left out, unless it is all there is. */
const LEAST_SHARE = 0.02;
const LONGEST_NAME = 40;

/** What the time of each lane went into, a line for each; those with the most time. Nothing for a single lane. */
export function waitLines({ lanes, waits }: TraceAnalysis, screen: Screen): string[] {
  const byLane = new Map<number, Wait[]>();
  for (const wait of waits) {
    const parts = byLane.get(wait.lane);
    if (parts === undefined) byLane.set(wait.lane, [wait]);
    else parts.push(wait);
  }
  if (byLane.size < 2) return [];
  const total = (parts: readonly Wait[]): number => parts.reduce((sum, { us }) => sum + us, 0);
  const longest = [...byLane].sort(([, a], [, b]) => total(b) - total(a)).slice(0, MOST_LANES);
  const more = screen.unicode ? "…" : "~";
  const rows = longest
    .sort(([a], [b]) => a - b)
    .map(([lane, parts]) => ({
      who: clipped(printable(lanes.lanes[lane]?.label ?? ""), Math.floor(screen.width / 3), more),
      time: duration(total(parts) / 1000, !screen.unicode),
      parts: partsText(parts, total(parts), screen),
    }));
  const whoWidth = Math.max(...rows.map(({ who }) => textWidth(who)));
  const timeWidth = Math.max(...rows.map(({ time }) => textWidth(time)));
  const left = byLane.size - rows.length;
  return [
    "",
    paint(screen, "bold", "Waits"),
    ...rows.map(({ who, time, parts }) =>
      clipped(
        `  ${padded(who, whoWidth)}  ${padded(time, timeWidth, "right")}  ${parts}`,
        screen.width,
        more,
      ),
    ),
    ...(left === 0 ? [] : [paint(screen, "dim", `  ${many(left, "more lane")}; --json has all`)]),
  ];
}

function partsText(parts: readonly Wait[], whole: number, screen: Screen): string {
  const told = parts.filter(({ us }, at) => at === 0 || us >= LEAST_SHARE * whole).slice(0, MOST_PARTS);
  return told
    .map((wait) => `${duration(wait.us / 1000, !screen.unicode)} ${target(wait)}`)
    .join(screen.unicode ? " · " : " | ");
}

function target({ kind, onLane, on }: Wait): string {
  const name = printable(on.slice(0, LONGEST_NAME));
  if (kind === "waiting") return onLane < 0 ? `call ${name}` : `for ${name}`;
  if (kind === "queue") return `in a queue, until ${name}`;
  return kind === "self" || kind === "idle" ? kind : `${kind} ${name}`;
}
