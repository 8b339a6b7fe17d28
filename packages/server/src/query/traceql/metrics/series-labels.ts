import type { Field } from "@clew/protocol/traceql/ast";
import { fieldLabel } from "@clew/protocol/traceql/field-label";
import type { Label } from "@clew/protocol/traceql/series";
import { float, type Value } from "@clew/protocol/traceql/value";
import type { Summed, Tallies } from "./tallies.ts";

/** Makes labels of the values of `by(...)`, in its order. Nils are left out, but for the first label when all are nil. */
export function labelMaker(
  aggregate: Summed,
  tallies: Tallies,
): (values: readonly Value[]) => readonly Label[] {
  const names = aggregate.by.map(fieldLabel);
  const plain = tallies.named();
  return (values) => {
    if (isHistogram(aggregate)) return known(names, values);
    if (names.length === 0) return plain;
    const found = known(names, values);
    return found.length > 0 ? found : [{ name: names[0]!, value: undefined }];
  };
}

function known(names: readonly string[], values: readonly Value[]): Label[] {
  return names.map((name, at) => ({ name, value: values[at] })).filter(({ value }) => value !== undefined);
}

export function isHistogram(aggregate: Summed): boolean {
  return aggregate.kind === "fieldOverTime" && aggregate.function === "histogram_over_time";
}

/** Not a power of two: what is not positive. */
export const NOT_POSITIVE = -32_768;

/** The label of the bucket whose upper bound is 2 to the power of `exponent`; of durations in seconds. */
export function bucketLabel(exponent: number, isDuration: boolean): Label {
  const bound = exponent === NOT_POSITIVE ? 0 : 2 ** exponent;
  return { name: "__bucket", value: float(isDuration ? bound / 1e9 : bound) };
}

const bits = new DataView(new ArrayBuffer(8));

/** The power of two that a number is rounded up to. */
export function exponentOf(number: number): number {
  if (number <= 0) return NOT_POSITIVE;
  bits.setFloat64(0, number);
  const high = bits.getUint32(0);
  const isBetween = (high & 0xfffff) !== 0 || bits.getUint32(4) !== 0;
  return (high >>> 20) - 1023 + Number(isBetween);
}

/** What the function reads of spans; undefined where it counts them. */
export function fieldOf(aggregate: Summed): Field | undefined {
  return aggregate.kind === "spanCount" ? undefined : aggregate.field;
}
