import type { KindName, StatusName } from "./ast.ts";

/** What an expression is for a span; undefined is nil. */
export type Value = Scalar | ArrayValue | undefined;

export type Scalar =
  | NumberValue
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "status"; readonly value: StatusName }
  | { readonly type: "kind"; readonly value: KindName };

export type NumberValue =
  | { readonly type: "int"; readonly value: bigint }
  | { readonly type: "float"; readonly value: number }
  /** Nanoseconds. */
  | { readonly type: "duration"; readonly value: bigint };

export interface ArrayValue {
  readonly type: "array";
  readonly elements: readonly Scalar[];
}

export function string(value: string): Value {
  return { type: "string", value };
}

export function int(value: bigint | number): NumberValue {
  return { type: "int", value: BigInt.asIntN(64, BigInt(value)) };
}

export function float(value: number): NumberValue {
  return { type: "float", value };
}

export function duration(value: bigint): NumberValue {
  return { type: "duration", value };
}

export function boolean(value: boolean): Scalar {
  return { type: "boolean", value };
}

/** All values in one array. */
export function array(values: readonly Value[]): ArrayValue {
  return { type: "array", elements: values.flatMap(elementsOf) };
}

/** The elements of an array, or the value alone; none for nil. */
export function elementsOf(value: Value): readonly Scalar[] {
  if (value === undefined) return [];
  return value.type === "array" ? value.elements : [value];
}

export function isNumber(value: Value): value is NumberValue {
  return value?.type === "int" || value?.type === "float" || value?.type === "duration";
}

/** The number in series: durations in seconds. Undefined for what is no number. */
export function seriesNumber(value: Value): number | undefined {
  if (!isNumber(value) || Number.isNaN(value.value)) return undefined;
  return value.type === "duration" ? Number(value.value) / 1e9 : Number(value.value);
}

/** A text that is equal for equal values only. */
export function valueKey(value: Value): string {
  if (value === undefined) return "nil";
  if (value.type === "array") return `[${value.elements.map(valueKey).join()}]`;
  return `${value.type}:${JSON.stringify(String(value.value))}`;
}
