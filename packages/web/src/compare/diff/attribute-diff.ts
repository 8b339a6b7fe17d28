import { plainValue } from "@clew/protocol/genai/plain-value";
import type { KeyValue } from "@clew/protocol/otlp/model";
import { valueText } from "./value-text.ts";

/** An attribute that is not the same in both; undefined where a span has none of this name. */
export interface AttributePair {
  readonly key: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
}

export interface AttributeDiff {
  /** In the order of the first span, then what only the second has. */
  readonly different: readonly AttributePair[];
  readonly same: number;
}

/** Of a key that was sent twice the last value counts. */
export function attributeDiff(a: readonly KeyValue[], b: readonly KeyValue[]): AttributeDiff {
  const [inA, inB] = [textsOf(a), textsOf(b)];
  const keys = new Set([...inA.keys(), ...inB.keys()]);
  const different = [...keys]
    .map((key) => ({ key, a: inA.get(key), b: inB.get(key) }))
    .filter((pair) => pair.a !== pair.b);
  return { different, same: keys.size - different.length };
}

function textsOf(attributes: readonly KeyValue[]): Map<string, string> {
  return new Map(attributes.map(({ key = "", value }) => [key, valueText(plainValue(value) ?? "")]));
}
