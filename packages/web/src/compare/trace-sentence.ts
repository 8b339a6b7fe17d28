import type { TraceSum } from "@clew/protocol/analysis/comparison/comparison";
import { cost, count, duration, exact, many } from "../format/quantities.ts";
import { signedPercent } from "./signed.ts";

/** Durations that differ by less of the first, and by less than 10 ms, are alike. */
const LEAST_SHARE = 0.05;
const LEAST_US = 10_000;
const LEAST_COST_MICRO = 100;

/** How the second trace differs from the first as a whole, in a sentence. */
export function traceSentence(a: TraceSum, b: TraceSum): string {
  const parts = [timeText(a.durationUs, b.durationUs), errorText(a.errors, b.errors)];
  const [tokensA, tokensB] = [a.inputTokens + a.outputTokens, b.inputTokens + b.outputTokens];
  if (tokensA !== tokensB) {
    parts.push(
      `used ${count(Math.abs(tokensB - tokensA))} ${tokensB > tokensA ? "more" : "fewer"} tokens${inBrackets(tokensA, tokensB)}`,
    );
  }
  if (Math.abs(b.costMicro - a.costMicro) >= LEAST_COST_MICRO) {
    const size = cost(Math.abs(b.costMicro - a.costMicro) / 1e6);
    parts.push(`cost ${size} ${b.costMicro > a.costMicro ? "more" : "less"}`);
  }
  const told = parts.filter((part) => part !== "");
  const last = told.pop();
  return `B ${told.length === 0 ? last : `${told.join(", ")} and ${last}`}.`;
}

function timeText(a: number, b: number): string {
  const difference = Math.abs(b - a);
  if (difference < Math.max(LEAST_US, LEAST_SHARE * a)) return "took about as long";
  return `took ${duration(difference / 1000)} ${b > a ? "longer" : "less"}${inBrackets(a, b)}`;
}

function errorText(a: number, b: number): string {
  if (a === b) return a === 0 ? "" : `has as many errors (${exact(a)})`;
  if (a === 0) return `has ${many(b, "error")} where A has none`;
  if (b === 0) return `has no error where A has ${many(a, "error")}`;
  return `has ${many(Math.abs(b - a), b > a ? "more error" : "fewer error")}`;
}

function inBrackets(before: number, after: number): string {
  const share = signedPercent(before, after);
  return share === "" ? "" : ` (${share})`;
}
