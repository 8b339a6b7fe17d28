import { plainValue } from "@clew/protocol/genai/plain-value";
import type { AnyValue, KeyValue } from "@clew/protocol/otlp/model";
import { ATTRIBUTE_RULES } from "./keys.ts";
import { SLOT_COUNT } from "./slot.ts";

/**
 * What the encoder does with attributes, in plain code for tests: fills slots from OTLP/JSON attributes by
 * the rules of `keys.ts`.
 */
export function slotsOf(attributes: readonly KeyValue[]): (string | undefined)[] {
  const slots: (string | undefined)[] = new Array(SLOT_COUNT).fill(undefined);
  const ranks: number[] = new Array(SLOT_COUNT).fill(Number.POSITIVE_INFINITY);
  for (const { key, value } of attributes) {
    for (const rule of ATTRIBUTE_RULES) {
      if (rule.key !== key || rule.rank >= ranks[rule.slot]!) continue;
      slots[rule.slot] = textOf(value ?? {});
      ranks[rule.slot] = rule.rank;
    }
  }
  return slots;
}

function textOf(value: AnyValue): string {
  const plain = plainValue(value);
  return typeof plain === "object" ? JSON.stringify(plain) : String(plain ?? "");
}
