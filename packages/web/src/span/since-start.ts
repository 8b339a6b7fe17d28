import type { SpanDetail } from "@clew/protocol/api/span-detail";
import { duration } from "../format/quantities.ts";

/** A moment as time since the span began; empty for one that was not sent. */
export function sinceStart(detail: SpanDetail, nanos: string | undefined): string {
  if (nanos === undefined || nanos === "0") return "";
  const ms = Number(BigInt(nanos) - BigInt(detail.startNanos)) / 1e6;
  return ms < 0 ? `${duration(-ms)} before` : `after ${duration(ms)}`;
}
