import type { TimeKind } from "@clew/protocol/analysis/analysis";
import { type LaneTime, laneTimes, targetText } from "../lanes/lane-times.ts";
import type { AnalysedTrace } from "../trace/use-analysis.ts";
import type { Compared } from "./compared.ts";

/** One lane in both traces: the same instance of an agent, or of a service where no agent is known. */
export interface LanePair {
  readonly label: string;
  /** Index of the lane; -1 where the trace has none like it. */
  readonly a: number;
  readonly b: number;
  readonly usA: number;
  readonly usB: number;
  /** What the time went into, what differs most first. */
  readonly parts: readonly TimePair[];
}

/** What a kind of time took of a lane in both traces. */
export interface TimePair {
  readonly kind: TimeKind;
  /** `model gpt-5.1`, `waiting for researcher`. */
  readonly text: string;
  readonly usA: number;
  readonly usB: number;
}

/** The lanes of both traces in the order of their first start, those of B alone last; lanes without any time are left out. */
export function lanePairs({ a, b }: Pick<Compared, "a" | "b">): LanePair[] {
  const [timesA, timesB] = [laneTimes(a.analysis), laneTimes(b.analysis)];
  const lanesB = new Map(timesB.map(({ lane }) => [keyOf(b, lane), lane]));
  const pairs: LanePair[] = [];
  const add = (label: string, one: LaneTime | undefined, other: LaneTime | undefined): void => {
    const [usA, usB] = [one?.us ?? 0, other?.us ?? 0];
    if (usA + usB === 0) return;
    pairs.push({ label, a: one?.lane ?? -1, b: other?.lane ?? -1, usA, usB, parts: partsOf(one, other) });
  };
  for (const time of timesA) {
    const key = keyOf(a, time.lane);
    const other = lanesB.get(key);
    lanesB.delete(key);
    add(a.analysis.lanes.lanes[time.lane]!.label, time, other === undefined ? undefined : timesB[other]);
  }
  for (const lane of lanesB.values()) add(b.analysis.lanes.lanes[lane]!.label, undefined, timesB[lane]);
  return pairs;
}

/** An agent is the same in whatever service it runs; the label has the number of the instance. */
function keyOf({ analysis }: AnalysedTrace, lane: number): string {
  const { agent, label } = analysis.lanes.lanes[lane]!;
  return `${agent === "" ? "service" : "agent"} ${label}`;
}

function partsOf(a: LaneTime | undefined, b: LaneTime | undefined): TimePair[] {
  const parts = new Map<string, { kind: TimeKind; text: string; usA: number; usB: number }>();
  const add = (time: LaneTime | undefined, side: "usA" | "usB"): void => {
    for (const wait of time?.parts ?? []) {
      const text = targetText(wait);
      const part = parts.get(text) ?? { kind: wait.kind, text, usA: 0, usB: 0 };
      part[side] += wait.us;
      parts.set(text, part);
    }
  };
  add(a, "usA");
  add(b, "usB");
  return [...parts.values()].sort((one, other) => change(other) - change(one));
}

function change({ usA, usB }: Pick<TimePair, "usA" | "usB">): number {
  return Math.abs(usB - usA);
}
