import { array, boolean, float, int, type Value } from "../value.ts";
import type { PlainValue } from "./plain-trace.ts";

/** The value of an attribute; arrays within arrays are taken as one. */
export function fromPlain(plain: PlainValue | undefined): Value {
  if (plain === undefined) return undefined;
  if (Array.isArray(plain)) return array(plain.map(fromPlain));
  switch (typeof plain) {
    case "string":
      return { type: "string", value: plain };
    case "bigint":
      return int(plain);
    case "number":
      return float(plain);
    case "boolean":
      return boolean(plain);
    default:
      return undefined;
  }
}
